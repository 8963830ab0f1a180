import type { Cx } from "@/domain/cx.ts";
import { notifyOfTicket } from "@/domain/notifications/notify_of_ticket.ts";
import type { ClockUpdate } from "@/domain/sla/tracking/save_clocks.ts";
import { trackSla } from "@/domain/sla/tracking/track.ts";
import type { TicketChange } from "./model/ticket_change.ts";

/**
 * What follows from every change of a ticket, in its transaction and behind its rows: clocks of the service level,
 * notifications and mails. Whoever changes a ticket calls this once, after sending the change itself.
 *
 * @param opened the clocks of a new ticket
 */
export async function applySideEffects(
  cx: Cx,
  change: TicketChange,
  opened: ClockUpdate | null = null,
): Promise<void> {
  await Promise.all([trackSla(cx, change, opened), notifyOfTicket(cx, change)]);
}
