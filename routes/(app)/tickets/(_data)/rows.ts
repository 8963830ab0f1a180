import type { Due } from "@/components/DueMark.tsx";
import type { TicketRowData } from "@/components/TicketRow.tsx";
import { namesakesAmong } from "@/domain/accounts/namesakes.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { dueWords, METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import { toldApart } from "@/routes/(app)/tickets/[key]/(_data)/told_apart.ts";

/** Who among the people of tickets shares a name, for staff. */
export async function namesakesOf(cx: UserCx, items: readonly TicketItem[]): Promise<ReadonlySet<string>> {
  const people = items.flatMap(({ requester, assignee }) => [requester.id, assignee?.id ?? []].flat());
  return people.length === 0 ? new Set() : await namesakesAmong(cx, people);
}

/** Tickets as the rows of a table, worded for the reader. When they are due, and whose turn it is, is for staff. */
export function ticketRows(
  items: TicketItem[],
  reader: Reader & { role: Role },
  { now, namesakes }: { now: string; namesakes: ReadonlySet<string> },
): TicketRowData[] {
  return items.map((ticket) => ({
    id: ticket.id,
    key: ticket.key,
    href: `/tickets/${ticket.key}`,
    title: ticket.title,
    status: ticket.status,
    priority: ticket.priority,
    requester: toldApart(ticket.requester, namesakes),
    assignee: ticket.assignee && toldApart(ticket.assignee, namesakes),
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
