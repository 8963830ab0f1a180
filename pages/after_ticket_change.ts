import type { UserCx } from "@/domain/cx.ts";
import { readNotifications } from "@/domain/notifications/inbox/read.ts";
import { commentPath } from "@/domain/shared/links.ts";
import { isVisible } from "@/domain/tickets/access/read_ticket.ts";
import type { Done } from "./load.ts";

/**
 * To the ticket, at a comment of it, or to the list when the change took it out of the person's sight (a confined agent
 * hands it on).
 */
export async function afterTicketChange(
  cx: UserCx,
  ticket: { id: string; key: string },
  { flash, comment }: { flash: string; comment?: string },
): Promise<Done> {
  if (await isVisible(cx, ticket.id)) {
    // Without scripts too: whoever acts on a ticket has read it.
    await readNotifications(cx, { ticketId: ticket.id });
    return { to: comment ? commentPath(ticket.key, comment) : `/tickets/${ticket.key}`, flash };
  }
  return { to: "/tickets", flash: `${flash}. You can no longer see ${ticket.key}` };
}
