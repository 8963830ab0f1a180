import { UnmergeTicket, unmergeTicket } from "@/domain/tickets/merge/unmerge.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { ticketForm } from "./(_data)/ticket_form.ts";

export const handler = ticketForm("move", {
  schema: UnmergeTicket,
  run: async (cx, { version = 0 }, id) => {
    const ticket = await unmergeTicket(cx, { id, version });
    return await afterTicketChange(cx, ticket, { flash: `${ticket.key} is no longer merged` });
  },
});

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
