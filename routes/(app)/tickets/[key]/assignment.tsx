import { AssignTicket, assignTicket } from "@/domain/tickets/assign.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { ticketForm } from "./(_data)/ticket_form.ts";

export const handler = ticketForm("assign", {
  schema: AssignTicket,
  run: async (cx, { version = 0, ...assignment }, id) => {
    const ticket = await assignTicket(cx, { ...assignment, version, id });
    const flash = ticket.assignee ? `Assigned to ${ticket.assignee.name}` : "Unassigned";
    return await afterTicketChange(cx, ticket, { flash });
  },
});

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
