import type { Cx } from "@/domain/cx.ts";
import type { Said, TicketChange } from "@/domain/tickets/model/ticket_change.ts";
import { isReopening } from "@/domain/tickets/model/states.ts";
import { tell, type Telling } from "./notify.ts";

/** Tells the people whom a change of a ticket concerns, in the product and by e-mail. */
export async function notifyOfTicket(cx: Cx, change: TicketChange): Promise<void> {
  const telling = tellingOf(cx, change);
  if (telling) await tell(cx, { ticketId: change.after.id, ...telling });
}

/** Whom a change is told to and why; null where nobody need know. */
function tellingOf(cx: Cx, change: TicketChange): Omit<Telling, "ticketId"> | null {
  const { what, before, after, comment, text = "" } = change;
  const taken = handedTo(change);
  const queued = after.assigneeId === null && after.queueId !== (before?.queueId ?? null);
  switch (what) {
    case "created":
      return {
        named: taken,
        requester: "ticket_created",
        ...(queued ? { queue: "ticket_queued" } : {}),
        text,
      };
    case "commented":
      return comment ? tellingOfComment(cx, { ...change, comment }) : null;
    case "transitioned":
      return tellingOfMove(cx, change);
    case "assigned":
    case "edited":
      return {
        named: [...taken, ...leftBy(change)],
        watchers: "ticket_changed",
        ...(taken.length > 0 ? {} : { assignee: "ticket_changed" }),
        ...(queued ? { queue: "ticket_queued" } : {}),
        text,
      };
  }
}

/** Who has the ticket from now on. */
function handedTo({ before, after }: TicketChange): NonNullable<Telling["named"]> {
  const { assigneeId } = after;
  if (assigneeId === null || assigneeId === (before?.assigneeId ?? null)) return [];
  return [{ userId: assigneeId, kind: "ticket_assigned" }];
}

/** Who had it until now. */
function leftBy({ before, after }: TicketChange): NonNullable<Telling["named"]> {
  const userId = before?.assigneeId ?? null;
  return userId === null || userId === after.assigneeId ? [] : [{ userId, kind: "ticket_changed" }];
}

function tellingOfMove(
  cx: Cx,
  { before, after, text = "" }: TicketChange,
): Omit<Telling, "ticketId"> {
  const kind = after.status === "resolved"
    ? "ticket_resolved"
    : before && isReopening(before.status, after.status)
    ? "ticket_reopened"
    : "ticket_moved";
  // A ticket that opens by itself and is nobody's is for the queue to see.
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

function tellingOfComment(
  cx: Cx,
  { before, after, comment }: TicketChange & { comment: Said },
): Omit<Telling, "ticketId"> {
  const internal = comment.visibility === "internal";
  const kind = internal ? "note_added" : "comment_added";
  // What a requester answers to nobody in particular is for the queue to see.
  const waits = !internal && after.assigneeId === null && after.requesterId === cx.actor?.id;
  return {
    named: comment.mentions.map((userId) => ({ userId, kind: "mentioned" as const })),
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
