import type { UserCx } from "@/domain/cx.ts";
import { isVisible } from "@/domain/tickets/access/read_ticket.ts";
import type { Done } from "./load.ts";

/**
 * Where the browser goes after a change of a ticket: to the ticket, or to the list when the change has taken it out of
 * the person's sight, as when a confined agent hands it to another team.
 *
 * @param anchor an element of the ticket's page, as `comment-…`
 */
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
