import type { UserCx } from "@/domain/cx.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { assertQuotaLeft } from "./quota.ts";

/** Before a byte is read. @throws DomainError not_found for the ticket, too_large when the quota is used up */
export async function assertMayUpload(cx: UserCx, idOrKey?: string): Promise<void> {
  await Promise.all([idOrKey === undefined ? null : requireTicket(cx, idOrKey), assertQuotaLeft(cx)]);
}
