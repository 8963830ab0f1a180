import type { Due } from "@/components/DueMark.tsx";
import type { TicketRowData } from "@/components/TicketRow.tsx";
import { isStaff } from "@/domain/permissions.ts";
import type { Role } from "@/domain/cx.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { dueWords, METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";

/** Tickets as the rows of a table, worded for the reader. When they are due, and whose turn it is, is for staff. */
export function ticketRows(
  items: TicketItem[],
  reader: Reader & { role: Role },
  now: string,
): TicketRowData[] {
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
    ...(isStaff(reader.role) ? { due: dueOf(ticket, reader, now), needsReply: ticket.needsReply } : {}),
  }));
}

function dueOf({ sla }: TicketItem, reader: Reader, now: string): Due | null {
  const words = dueWords(sla, now);
  return words && {
    words,
    at: words.dueAt === null ? null : moment(words.dueAt, reader, now),
    label: METRIC_LABELS[words.metric],
  };
}
