import type { UserCx } from "@/domain/cx.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { assertQuotaLeft } from "./quota.ts";

/**
 * Whether the actor may upload, asked before a byte of it is read.
 *
 * @param idOrKey the ticket it is for, where there is one
 * @throws DomainError not_found for a ticket that the actor doesn't see, too_large when no room is left
 */
export async function assertMayUpload(cx: UserCx, idOrKey?: string): Promise<void> {
  await Promise.all([idOrKey === undefined ? null : requireTicket(cx, idOrKey), assertQuotaLeft(cx)]);
}
