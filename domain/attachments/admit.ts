import type { UserCx } from "@/domain/cx.ts";
import { accessTicket } from "@/domain/tickets/access/read_ticket.ts";
import { assertRoom } from "./quota.ts";

/**
 * Whether the actor may upload, asked before a byte of it is read.
 *
 * @param idOrKey the ticket it is for, where there is one
 * @throws DomainError not_found for a ticket that the actor doesn't see, too_large when no room is left
 */
export async function admitUpload(cx: UserCx, idOrKey?: string): Promise<void> {
  await Promise.all([idOrKey === undefined ? null : accessTicket(cx, idOrKey), assertRoom(cx)]);
}
