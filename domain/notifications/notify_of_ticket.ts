import type { Cx } from "@/domain/cx.ts";
import type { CommentFacts, TicketChange } from "@/domain/tickets/model/ticket_change.ts";
import { isStaff } from "@/domain/permissions.ts";
import { isReopening } from "@/domain/tickets/model/states.ts";
import { notify, type TicketNotification } from "./notify.ts";

export async function notifyOfTicket(cx: Cx, change: TicketChange): Promise<void> {
  const telling = notificationFor(cx, change);
  if (telling) await notify(cx, { ticketId: change.after.id, ...telling });
}

function notificationFor(cx: Cx, change: TicketChange): Omit<TicketNotification, "ticketId"> | null {
  const { what, before, after, comment, text = "" } = change;
  const taken = newAssignee(change);
  // Also one that was put back: it waits for its queue again.
  const queued = after.assigneeId === null &&
    (before === null || after.queueId !== before.queueId || before.assigneeId !== null);
  switch (what) {
    case "created":
      return {
        recipients: taken,
        requester: "ticket_created",
        ...(queued ? { queue: "ticket_queued" } : {}),
        text,
      };
    case "commented":
      return comment ? commentNotification(cx, { ...change, comment }) : null;
    case "transitioned":
      return statusNotification(cx, change);
    case "merged":
      return { requester: "ticket_merged", watchers: "ticket_merged", assignee: "ticket_merged" };
    case "merged_in":
      return {
        watchers: "ticket_changed",
        assignee: "ticket_changed",
        ...(change.otherId ? { unlessToldOf: change.otherId } : {}),
      };
    case "assigned":
    case "edited":
      return {
        recipients: [...taken, ...previousAssignee(change)],
        watchers: "ticket_changed",
        ...(taken.length > 0 ? {} : { assignee: "ticket_changed" }),
        ...(queued ? { queue: "ticket_queued" } : {}),
        text,
      };
  }
}

/** Staff who ask for themselves too. */
function isFromOutside({ actor }: Cx, { requesterId }: TicketChange["after"]): boolean {
  return actor === null || !isStaff(actor.role) || actor.id === requesterId;
}

function newAssignee({ before, after }: TicketChange): NonNullable<TicketNotification["recipients"]> {
  const { assigneeId } = after;
  if (assigneeId === null || assigneeId === (before?.assigneeId ?? null)) return [];
  return [{ userId: assigneeId, kind: "ticket_assigned" }];
}

function previousAssignee({ before, after }: TicketChange): NonNullable<TicketNotification["recipients"]> {
  const userId = before?.assigneeId ?? null;
  return userId === null || userId === after.assigneeId ? [] : [{ userId, kind: "ticket_changed" }];
}

function statusNotification(
  cx: Cx,
  { before, after, text = "" }: TicketChange,
): Omit<TicketNotification, "ticketId"> {
  const kind = after.status === "resolved"
    ? "ticket_resolved"
    : before && isReopening(before.status, after.status)
    ? "ticket_reopened"
    : "ticket_moved";
  // A ticket that woke up, or that somebody outside the desk opened again, is the queue's if nobody works on it.
  const awake = after.status === "open" && isFromOutside(cx, after);
  return {
    requester: kind,
    watchers: kind,
    assignee: kind,
    ...(awake ? { unattended: kind } : {}),
    text,
    facts: { to: after.status },
  };
}

function commentNotification(
  cx: Cx,
  { before, after, comment }: TicketChange & { comment: CommentFacts },
): Omit<TicketNotification, "ticketId"> {
  const internal = comment.visibility === "internal";
  const kind = internal ? "note_added" : "comment_added";
  // What somebody outside the desk says is for the queue if nobody works on the ticket.
  const waits = isFromOutside(cx, after);
  return {
    recipients: comment.mentions.map((userId) => ({ userId, kind: "mentioned" as const })),
    requester: kind,
    watchers: kind,
    assignee: kind,
    ...(waits ? { unattended: "ticket_queued" } : {}),
    internal,
    text: comment.body,
    facts: {
      commentId: comment.id,
      ...(before && before.status !== after.status ? { to: after.status } : {}),
    },
  };
}
