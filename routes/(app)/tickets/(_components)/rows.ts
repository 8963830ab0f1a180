import type { TicketRowData } from "../../../../components/TicketTable.tsx";
import { moment, type Reader } from "../../../../domain/moment.ts";
import type { TicketItem } from "../../../../domain/tickets/types.ts";

/** Tickets as the rows of a table, worded for the reader. */
export function ticketRows(items: TicketItem[], reader: Reader, now: string): TicketRowData[] {
  return items.map((ticket) => ({
    id: ticket.id,
    key: ticket.key,
    href: `/tickets/${ticket.key}`,
    title: ticket.title,
    status: ticket.status,
    priority: ticket.priority,
    requester: ticket.requester,
    assignee: ticket.assignee,
    queue: ticket.queue?.name ?? null,
    updated: moment(ticket.updatedAt, reader, now),
  }));
}
