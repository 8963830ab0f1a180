import type { UserCx } from "@/domain/cx.ts";
import { isVisible } from "@/domain/tickets/access/read_ticket.ts";
import type { Done } from "./load.ts";

/** To the ticket, or to the list when the change took it out of the person's sight (a confined agent hands it on). */
export async function afterTicketChange(
  cx: UserCx,
  ticket: { id: string; key: string },
  { flash, anchor }: { flash: string; anchor?: string },
): Promise<Done> {
  if (await isVisible(cx, ticket.id)) {
    return { to: `/tickets/${ticket.key}${anchor ? `#${anchor}` : ""}`, flash };
  }
  return { to: "/tickets", flash: `${flash}. You can no longer see ${ticket.key}` };
}
