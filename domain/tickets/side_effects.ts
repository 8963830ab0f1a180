import type { Cx } from "@/domain/cx.ts";
import { notifyOfTicket } from "@/domain/notifications/notify_of_ticket.ts";
import type { ClockUpdate } from "@/domain/sla/tracking/save_clocks.ts";
import { trackSla } from "@/domain/sla/tracking/track.ts";
import type { TicketChange } from "./model/ticket_change.ts";

/** Every change of a ticket calls this once, after its own statements. `opened` are the clocks of a new ticket. */
export async function applySideEffects(
  cx: Cx,
  change: TicketChange,
  opened: ClockUpdate | null = null,
): Promise<void> {
  await Promise.all([trackSla(cx, change, opened), notifyOfTicket(cx, change)]);
}
