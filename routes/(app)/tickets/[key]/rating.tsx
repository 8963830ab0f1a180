import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { RateTicket, rateTicket } from "@/domain/tickets/rating.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { ticketForm } from "./(_data)/ticket_form.ts";

export const handler = ticketForm("rate", {
  schema: RateTicket,
  run: async (cx, input, key) => {
    const ticket = await getTicket(cx, key);
    await rateTicket(cx, { ...input, ticketId: ticket.id });
    return await afterTicketChange(cx, ticket, { flash: "Thank you for your rating" });
  },
});

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
