import { createHash } from "node:crypto";
import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, type ErrorCode, type FieldError, invalidField } from "@/domain/errors.ts";
import { type Position, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { id, optional, version } from "@/domain/validation.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { applyTicketAction, assertUsable, isEmptyAction, TicketAction } from "./ticket_action.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import { type Filter, isEmptyFilter, NO_FILTER, TicketFilter } from "@/domain/tickets/model/filter.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";

export const MOST_AT_ONCE = 200;

/**
 * One action for many tickets: those of `ids`, or a part of those that match `filter` (of its `q` all words), newest
 * first. The next part begins at `cursor`. `dryRun` changes nothing.
 */
export const ChangeTickets = z.object({
  ids: z.array(id).min(1, "Choose at least one ticket")
    .max(MOST_AT_ONCE, `Must be at most ${MOST_AT_ONCE} tickets`).optional(),
  filter: TicketFilter.optional(),
  /** Said beside a filter that keeps no ticket out, which otherwise is a mistake. */
  all: z.literal(true, "Must be true, or left out").optional(),
  versions: z.record(id, version).optional(),
  change: TicketAction.refine((action) => !isEmptyAction(action), "Choose something to change")
    .refine(({ comment, visibility }) => comment === undefined || visibility !== undefined, {
      path: ["visibility"],
      message: "Must be public or internal",
    }),
  dryRun: z.boolean().default(false),
  limit: z.number().int().min(1).max(MOST_AT_ONCE).default(MOST_AT_ONCE),
  cursor: optional(z.string().max(1000)),
}).superRefine(checkSelection);

interface Selection {
  ids?: string[] | undefined;
  filter?: Filter | undefined;
  all?: true | undefined;
  cursor?: string | undefined;
}

function checkSelection(
  { ids, filter, all, cursor }: Selection,
  check: z.RefinementCtx,
): void {
  const wrong = (path: string, message: string) =>
    check.addIssue({ code: "custom", path: [path].filter(Boolean), message });
  if (ids !== undefined) {
    if (filter !== undefined || all !== undefined) wrong("", "Send ids or a filter");
    if (cursor !== undefined) wrong("cursor", "Belongs to a filter");
  } else if (filter === undefined && all === undefined) {
    wrong("", "Send ids or a filter");
  } else if (isEmptyFilter(filter ?? NO_FILTER)) {
    if (all === undefined) wrong("filter", "Matches every ticket. Send all: true as well if you mean that");
  } else if (all !== undefined) {
    wrong("all", "Send it without filters, or leave it out");
  }
}

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
  /** How many tickets this call dealt with: the length of `items`. */
  done: number;
  /** Whether more tickets match the filter. */
  more: boolean;
  /** Where the next call goes on, with the same filter. */
  nextCursor: string | null;
  items: BulkRow[];
}

/** Each completely or not at all; a dry run rolls all back. @throws DomainError forbidden, or invalid for the change */
export async function changeTickets(cx: UserCx, input: BulkChange): Promise<BulkResult> {
  assertRole(cx, STAFF);
  const { ids, nextCursor } = await selectTickets(cx, input);
  // Locked in one order, and before the assignee: two bulk changes, or one and the assignee's leaving, would deadlock
  // otherwise.
  await cx.db.run(
    sql`select 1 from tickets t where t.tenant_id = ${cx.tenant.id} and t.id = any(${ids}::uuid[])
    ${visibleToActor(cx)} order by t.id for no key update`,
  );
  // A wrong id is the request's error, not that of every row.
  await assertUsable(cx, input.change, { path: "change" });
  const items: BulkRow[] = [];
  for (const ticketId of ids) items.push(await changeOne(cx, ticketId, input));
  return { dryRun: input.dryRun, done: items.length, more: nextCursor !== null, nextCursor, items };
}

/** A search for common words may find so few on a page that a call ends before its limit, with a cursor. */
const MOST_PAGES = 4;

/** By the time of creation, which no change moves: each ticket that matched at the start is met once. */
async function selectTickets(
  cx: UserCx,
  { ids, filter = NO_FILTER, limit, cursor: start }: BulkChange,
): Promise<{ ids: string[]; nextCursor: string | null }> {
  if (ids) return { ids: [...new Set(ids)], nextCursor: null };
  // A cursor goes on with its own filter only.
  const list = `bulk:${createHash("sha256").update(JSON.stringify(filter)).digest("base64url")}`;
  const found: string[] = [];
  let cursor = start && writeCursor(cx, CREATED, readStart(cx, list, start));
  for (let pages = 0; pages === 0 || cursor && found.length < limit && pages < MOST_PAGES; pages++) {
    const most = Math.min(100, limit - found.length);
    const page = await listTickets(cx, { ...filter, sort: "-created", limit: most, cursor }, {
      exactly: true,
    });
    found.push(...page.items.map((ticket) => ticket.id));
    cursor = page.nextCursor ?? undefined;
  }
  return { ids: found, nextCursor: cursor ? writeCursor(cx, list, readCursor(cx, CREATED, cursor)) : null };
}

const CREATED = "tickets:-created";

function readStart(cx: UserCx, list: string, cursor: string): Position {
  try {
    return readCursor(cx, list, cursor);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw invalidField("cursor", "invalid_cursor", "Must be the nextCursor of a call with the same filter");
  }
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

/** A result without what the actor can't see any more. */
export async function stillVisible(cx: UserCx, result: BulkResult): Promise<BulkResult> {
  const ids = result.items.map(({ id }) => id);
  const rows = await cx.db.rows<{ id: string }>(sql`select t.id from tickets t
    where t.tenant_id = ${cx.tenant.id} and t.id = any(${ids}::uuid[]) ${visibleToActor(cx)}`);
  const visible = new Set(rows.map(({ id }) => id));
  return { ...result, items: result.items.map((row) => visible.has(row.id) ? row : unseen(row.id)) };
}

function unseen(id: string): BulkRow {
  const { code, message } = new DomainError("not_found");
  const problem = { code, detail: message, errors: [] };
  return { id, key: null, title: null, outcome: "refused", changes: {}, version: null, problem };
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
