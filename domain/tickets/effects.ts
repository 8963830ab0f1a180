import type { Cx } from "../cx.ts";
import { notifyOfTicket } from "../notifications/notify_of_ticket.ts";
import { followSla } from "../sla/follow.ts";
import type { TicketChange } from "./change.ts";

/**
 * What follows from every change of a ticket, in its transaction and behind its rows: clocks of the service level,
 * notifications and mails. Whoever changes a ticket calls this once, after sending the change itself.
 */
export async function followTicket(cx: Cx, change: TicketChange): Promise<void> {
  await Promise.all([followSla(cx, change), notifyOfTicket(cx, change)]);
}
