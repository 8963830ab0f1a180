import { STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import { TransitionTicket, transitionTicket } from "@/domain/tickets/transition.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { withInstant } from "@/pages/local_time.ts";
import { ticketForm } from "./(_data)/ticket_form.ts";

export const handler = ticketForm("move", {
  schema: TransitionTicket,
  prepare: (values, cx) => withInstant(values, cx.actor.timeZone),
  run: async (cx, { version = 0, ...move }, id) => {
    const ticket = await transitionTicket(cx, { ...move, version, id });
    return await afterTicketChange(cx, ticket, {
      flash: `${ticket.key} is now ${STATUS_LABELS[ticket.status]}`,
    });
  },
});

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
