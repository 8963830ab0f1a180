import type { UserCx } from "@/domain/cx.ts";
import { moment } from "@/domain/shared/moment.ts";
import { PENDING_LABELS, STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import { TransitionTicket, transitionTicket } from "@/domain/tickets/transition.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { withInstant } from "@/pages/local_time.ts";
import { ticketForm } from "./(_data)/ticket_form.ts";

export const handler = ticketForm("move", {
  schema: TransitionTicket,
  prepare: (values, cx) => withInstant(values, cx.actor.timeZone),
  run: async (cx, { version = 0, ...move }, id) => {
    const ticket = await transitionTicket(cx, { ...move, version, id });
    const { key, status } = ticket;
    return await afterTicketChange(cx, ticket, {
      flash: `${key} is now ${STATUS_LABELS[status]}${waitingFor(cx, ticket)}`,
    });
  },
});

/** What a pending ticket waits for: that may be all that changed. */
function waitingFor(cx: UserCx, { pendingReason, pendingUntil }: Ticket): string {
  if (pendingReason === null) return "";
  const until = pendingUntil === null ? "" : ` until ${moment(pendingUntil, cx.actor, cx.now).absolute}`;
  return `: ${PENDING_LABELS[pendingReason]}${until}`;
}

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
