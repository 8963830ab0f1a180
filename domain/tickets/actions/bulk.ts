import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, type ErrorCode, type FieldError } from "@/domain/errors.ts";
import { id, version } from "@/domain/validation.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { applyTicketAction, assertUsable, isEmptyAction, TicketAction } from "./ticket_action.ts";
import { TicketFilter } from "@/domain/tickets/model/filter.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";

export const MOST_AT_ONCE = 200;

/** One action for many tickets: those of `ids`, or the newest that match `filter`. `dryRun` changes nothing. */
export const ChangeTickets = z.object({
  ids: z.array(id).min(1, "Choose at least one ticket")
    .max(MOST_AT_ONCE, `Must be at most ${MOST_AT_ONCE} tickets`).optional(),
  filter: TicketFilter.optional(),
  versions: z.record(id, version).optional(),
  change: TicketAction.refine((action) => !isEmptyAction(action), "Choose something to change"),
  dryRun: z.boolean().default(false),
}).refine((input) => (input.ids === undefined) !== (input.filter === undefined), "Send ids or a filter");

export type BulkChange = z.output<typeof ChangeTickets>;

export interface BulkRow {
  id: string;
  /** Null when there is no such ticket, or the actor may not see it. */
  key: string | null;
  title: string | null;
  outcome: "changed" | "unchanged" | "refused";
  /** By field, `{ from, to }` in words. */
  changes: Record<string, { from: string | null; to: string | null }>;
  version: number | null;
  problem: { code: ErrorCode; detail: string; errors: FieldError[] } | null;
}

export interface BulkResult {
  dryRun: boolean;
  /** Whether more tickets match the filter than were changed. */
  more: boolean;
  items: BulkRow[];
}

/** Each completely or not at all; a dry run rolls all back. @throws DomainError forbidden, or invalid for the change */
export async function changeTickets(cx: UserCx, input: BulkChange): Promise<BulkResult> {
  assertRole(cx, STAFF);
  // A wrong id is the request's error, not that of every row.
  await assertUsable(cx, input.change, { path: "change" });
  const { ids, more } = await selectTickets(cx, input);
  // Locked in one order: two bulk changes of the same tickets would deadlock otherwise.
  await cx.db.run(sql`select 1 from tickets where tenant_id = ${cx.tenant.id} and id = any(${ids}::uuid[])
    order by id for no key update`);
  const items: BulkRow[] = [];
  for (const ticketId of ids) items.push(await changeOne(cx, ticketId, input));
  return { dryRun: input.dryRun, more, items };
}

async function selectTickets(
  cx: UserCx,
  { ids, filter }: BulkChange,
): Promise<{ ids: string[]; more: boolean }> {
  if (ids) return { ids: [...new Set(ids)], more: false };
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTickets(cx, { ...filter!, sort: "-created", limit: 100, cursor });
    found.push(...page.items.map((ticket) => ticket.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor && found.length < MOST_AT_ONCE);
  return { ids: found.slice(0, MOST_AT_ONCE), more: cursor !== undefined };
}

class DryRun extends Error {
  constructor(readonly row: BulkRow) {
    super("Dry run");
  }
}

async function changeOne(cx: UserCx, ticketId: string, input: BulkChange): Promise<BulkRow> {
  let before: Ticket | undefined;
  try {
    before = await getTicket(cx, ticketId);
    const seen = before;
    const based = input.versions?.[ticketId];
    if (based !== undefined && based !== seen.version) throw new DomainError("stale_version");
    return await cx.db.savepoint(async () => {
      const row = rowOf(seen, await applyTicketAction(cx, seen, input.change), input.change);
      if (input.dryRun) throw new DryRun(row);
      return row;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.row;
    if (!(error instanceof DomainError) || error.status >= 500) throw error;
    return {
      id: ticketId,
      key: before?.key ?? null,
      title: before?.title ?? null,
      outcome: "refused",
      changes: {},
      version: before?.version ?? null,
      problem: { code: error.code, detail: error.message, errors: error.facts.errors ?? [] },
    };
  }
}

function rowOf(before: Ticket, after: Ticket, { comment, visibility = "public" }: TicketAction): BulkRow {
  const changes: BulkRow["changes"] = {};
  for (const [field, word] of Object.entries(WORDS)) {
    const [from, to] = [word(before), word(after)];
    if (from !== to) changes[field] = { from, to };
  }
  if (comment !== undefined) {
    changes[visibility === "public" ? "reply" : "note"] = { from: null, to: comment };
  }
  return {
    id: after.id,
    key: after.key,
    title: after.title,
    outcome: Object.keys(changes).length > 0 ? "changed" : "unchanged",
    changes,
    version: after.version,
    problem: null,
  };
}

const WORDS: Record<string, (ticket: Ticket) => string | null> = {
  status: (ticket) => ticket.status,
  pendingReason: (ticket) => ticket.pendingReason,
  pendingUntil: (ticket) => ticket.pendingUntil,
  priority: (ticket) => ticket.priority,
  category: (ticket) => ticket.category?.name ?? null,
  queue: (ticket) => ticket.queue?.name ?? null,
  assignee: (ticket) => ticket.assignee?.name ?? null,
  tags: (ticket) => ticket.tags.join(", ") || null,
};
