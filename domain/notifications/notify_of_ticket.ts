import type { UserCx } from "../cx.ts";
import type { TicketChange } from "../tickets/change.ts";
import { enqueueMail, type TicketMail } from "../tickets/mails.ts";

/** Tells the people whom a change of a ticket concerns. */
export async function notifyOfTicket(cx: UserCx, change: TicketChange): Promise<void> {
  await Promise.all(mailsOf(change).map((mail) => enqueueMail(cx, mail)));
}

function mailsOf({ what, before, after, comment, text = "" }: TicketChange): TicketMail[] {
  const mails: TicketMail[] = [];
  if (what === "created") {
    mails.push({ template: "ticket_created", ticket: after, audience: "requester", text });
  }
  if (after.assigneeId !== null && after.assigneeId !== (before?.assigneeId ?? null)) {
    mails.push({ template: "ticket_assigned", ticket: after, audience: "assignee", text });
  }
  if (what === "transitioned" && after.status === "resolved") {
    mails.push({ template: "ticket_resolved", ticket: after, audience: "everyone", text });
  }
  if (comment) {
    const internal = comment.visibility === "internal";
    mails.push({
      template: "comment_added",
      ticket: after,
      audience: "everyone",
      text: comment.body,
      internal,
    });
  }
  return mails;
}
