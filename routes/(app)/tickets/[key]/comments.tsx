import { AddComment, addComment } from "@/domain/comments/add.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { notNotified } from "./(_data)/not_notified.ts";
import { admitToTicket, ticketForm } from "./(_data)/ticket_form.ts";

export const handler = ticketForm("reply", {
  schema: AddComment,
  files: admitToTicket,
  // Requesters aren't asked: what they write is public.
  prepare: (values) => ({ visibility: "public", ...values }),
  run: async (cx, input, ticketId) => {
    const { comment, ticket, unreached, followUp } = await addComment(cx, {
      ...input,
      ticketId,
      source: "web",
    });
    if (comment === null) {
      const flash = `That ticket is closed, so we created ${ticket.key} from your reply`;
      return await afterTicketChange(cx, ticket, { flash });
    }
    const flash = followUp
      ? `Reply added to ${followUp.key}, the follow-up of that ticket`
      : comment.visibility === "internal"
      ? "Internal note added"
      : "Reply sent";
    return await afterTicketChange(cx, ticket, {
      flash: flash + notNotified(unreached),
      comment: comment.id,
    });
  },
});

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
