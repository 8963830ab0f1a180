import type { Role } from "@/domain/cx.ts";
import { invalidField } from "@/domain/errors.ts";
import { isStaff } from "@/domain/permissions.ts";
import {
  LEVEL_LABELS,
  PENDING_LABELS,
  PRIORITY_LABELS,
  STATUS_LABELS,
  TYPE_LABELS,
} from "@/domain/tickets/model/formatting.ts";
import type { TicketClock, TicketItem } from "@/domain/tickets/model/types.ts";

export type Value = string | number | boolean | null | readonly string[];

export interface TicketColumn {
  label: string;
  /** As the API has it; times are RFC 3339 in UTC. */
  value(ticket: TicketItem): Value;
  /** What a spreadsheet has instead of a value of a list. */
  words?: Readonly<Record<string, string>>;
  isTime?: true;
  /** Addresses of people are for staff. */
  staff?: true;
}

const CLOCK_WORDS = {
  running: "Running",
  paused: "Paused",
  met: "Met",
  breached: "Breached",
  stopped: "Stopped",
};

/** What a ticket has in an export, in the order in which it is offered. */
export const TICKET_COLUMNS = {
  key: { label: "Key", value: (t) => t.key },
  title: { label: "Title", value: (t) => t.title },
  type: { label: "Type", value: (t) => t.type, words: TYPE_LABELS },
  status: { label: "Status", value: (t) => t.status, words: STATUS_LABELS },
  pendingReason: { label: "Pending reason", value: (t) => t.pendingReason, words: PENDING_LABELS },
  pendingUntil: time("Pending until", (t) => t.pendingUntil),
  priority: { label: "Priority", value: (t) => t.priority, words: PRIORITY_LABELS },
  impact: { label: "Impact", value: (t) => t.impact, words: LEVEL_LABELS },
  urgency: { label: "Urgency", value: (t) => t.urgency, words: LEVEL_LABELS },
  category: { label: "Category", value: (t) => t.category?.name ?? null },
  queue: { label: "Queue", value: (t) => t.queue?.name ?? null },
  requester: { label: "Requester", value: (t) => t.requester.name },
  requesterEmail: { label: "Requester email", value: (t) => t.requester.email ?? null, staff: true },
  assignee: { label: "Assignee", value: (t) => t.assignee?.name ?? null },
  assigneeEmail: { label: "Assignee email", value: (t) => t.assignee?.email ?? null, staff: true },
  tags: { label: "Tags", value: (t) => t.tags },
  needsReply: { label: "Needs a reply", value: (t) => t.needsReply },
  source: { label: "Source", value: (t) => t.source },
  createdAt: time("Created", (t) => t.createdAt),
  updatedAt: time("Updated", (t) => t.updatedAt),
  resolvedAt: time("Resolved", (t) => t.resolvedAt),
  closedAt: time("Closed", (t) => t.closedAt),
  ...clock("firstResponse", "First response"),
  ...clock("resolution", "Resolution"),
  id: { label: "Id", value: (t) => t.id },
  number: { label: "Number", value: (t) => t.number },
  categoryId: { label: "Category id", value: (t) => t.category?.id ?? null },
  queueId: { label: "Queue id", value: (t) => t.queue?.id ?? null },
  requesterId: { label: "Requester id", value: (t) => t.requester.id },
  assigneeId: { label: "Assignee id", value: (t) => t.assignee?.id ?? null },
} satisfies Record<string, TicketColumn>;

export type TicketColumnName = keyof typeof TICKET_COLUMNS;

export const USUAL_COLUMNS: readonly TicketColumnName[] = [
  ...["key", "title", "type", "status", "priority", "category", "queue", "requester", "assignee"] as const,
  ...["tags", "source", "createdAt", "updatedAt", "resolvedAt", "closedAt"] as const,
  ...["firstResponseState", "firstResponseDueAt", "resolutionState", "resolutionDueAt"] as const,
];

function time(label: string, value: (ticket: TicketItem) => string | null): TicketColumn {
  return { label, value, isTime: true };
}

type Clock = keyof TicketItem["sla"];
type Fields = "State" | "DueAt" | "EndedAt" | "ElapsedMinutes" | "TargetMinutes";

function clock<C extends Clock>(name: C, label: string): Record<`${C}${Fields}`, TicketColumn> {
  const of = (field: keyof TicketClock) => (ticket: TicketItem) => ticket.sla[name]?.[field] ?? null;
  const columns: Record<Fields, TicketColumn> = {
    State: { label, value: of("state"), words: CLOCK_WORDS },
    DueAt: { label: `${label} due`, value: of("dueAt"), isTime: true },
    EndedAt: { label: `${label} ended`, value: of("endedAt"), isTime: true },
    ElapsedMinutes: { label: `${label} elapsed (minutes)`, value: of("elapsedMinutes") },
    TargetMinutes: { label: `${label} target (minutes)`, value: of("targetMinutes") },
  };
  const named = Object.entries(columns).map(([field, column]) => [`${name}${field}`, column]);
  return Object.fromEntries(named);
}

/** The names that a role may choose. */
export function columnsFor(role: Role): TicketColumnName[] {
  const all = Object.entries<TicketColumn>(TICKET_COLUMNS) as [TicketColumnName, TicketColumn][];
  return all.filter(([, { staff }]) => !staff || isStaff(role)).map(([name]) => name);
}

/** Those that are asked for, in that order; else the usual ones. @throws DomainError invalid, with those that there are */
export function chooseColumns(role: Role, asked: readonly string[]): TicketColumnName[] {
  const allowed = columnsFor(role);
  const unknown = asked.filter((name) => !(allowed as string[]).includes(name));
  if (unknown.length > 0) {
    throw invalidField(
      "columns",
      "unknown_column",
      `Unknown: ${unknown.slice(0, 5).join(", ")}. Choose among ${allowed.join(", ")}`,
    );
  }
  return asked.length > 0 ? [...new Set(asked)] as TicketColumnName[] : [...USUAL_COLUMNS];
}
