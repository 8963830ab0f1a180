import type { Cx } from "@/domain/cx.ts";
import type { CommentFacts, TicketChange } from "@/domain/tickets/model/ticket_change.ts";
import { isReopening } from "@/domain/tickets/model/states.ts";
import { notify, type TicketNotification } from "./notify.ts";

export async function notifyOfTicket(cx: Cx, change: TicketChange): Promise<void> {
  const telling = notificationFor(cx, change);
  if (telling) await notify(cx, { ticketId: change.after.id, ...telling });
}

function notificationFor(cx: Cx, change: TicketChange): Omit<TicketNotification, "ticketId"> | null {
  const { what, before, after, comment, text = "" } = change;
  const taken = newAssignee(change);
  const queued = after.assigneeId === null && after.queueId !== (before?.queueId ?? null);
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
  // A ticket that woke up without an assignee is the queue's.
  const awake = cx.actor === null && after.status === "open" && after.assigneeId === null;
  return {
    requester: kind,
    watchers: kind,
    assignee: kind,
    ...(awake ? { queue: kind } : {}),
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
  // A requester's reply without an assignee is for the queue.
  const waits = !internal && after.assigneeId === null && after.requesterId === cx.actor?.id;
  return {
    recipients: comment.mentions.map((userId) => ({ userId, kind: "mentioned" as const })),
    requester: kind,
    watchers: kind,
    assignee: kind,
    ...(waits ? { queue: "ticket_queued" } : {}),
    internal,
    text: comment.body,
    facts: {
      commentId: comment.id,
      ...(before && before.status !== after.status ? { to: after.status } : {}),
    },
  };
}
