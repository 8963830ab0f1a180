import type { z } from "zod";
import { raw, type Sql, sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { type Position, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { applyView } from "@/domain/views/filter.ts";
import { requireView } from "@/domain/views/read.ts";
import { tiersOf } from "@/domain/search/candidates.ts";
import { matchText } from "@/domain/search/match.ts";
import type { Unit } from "@/domain/search/terms.ts";
import { loadCalendars } from "@/domain/sla/tracking/stored_clocks.ts";
import { orderBySort, ticketQuery } from "./ticket_query.ts";
import { ITEM_COLUMNS, type ItemRow, NAMES, toItem } from "./access/ticket_row.ts";
import type { Filter, ListTickets, Sort } from "./model/filter.ts";
import type { TicketItem } from "./model/types.ts";
import type { Page } from "@/domain/shared/types.ts";

/** How many tickets a page of a search for common words looks at, step by step. */
const LOOKED_AT = [250, 1001, 4000] as const;

export type ListRow = ItemRow & { sort_at: string };

/**
 * A `q` finds what the search finds. For common words only 5,251 tickets are looked at for a page, so a short page may
 * have a next one. @throws DomainError invalid for a cursor of another order, or a view that the actor may not use
 */
export async function listTickets(
  cx: UserCx,
  input: z.output<typeof ListTickets>,
  { exactly = false } = {},
): Promise<TicketPage> {
  const { limit, cursor } = input;
  const { filter, sort } = applyView(input, input.view ? await requireView(cx, input.view) : null);
  // Read first: whatever changed before it is among the rows.
  const until = filter.updatedAfter === undefined ? undefined : await changesEnd(cx);
  const list = `tickets:${sort}${until !== undefined && sort.endsWith("updated") ? ":changed" : ""}`;
  const after = cursor ? readCursor(cx, list, cursor) : undefined;
  const { units, numbers } = await matchText(cx, filter.q, exactly);
  const { rows, end } = units
    ? await readMatching(cx, { filter, sort, after, until, units, most: limit + 1 })
    : {
      rows: await readRows(cx, ticketQuery(cx, { filter, sort, after, until, cap: 101, numbers }), {
        sort,
        most: limit + 1,
      }),
    };
  await loadCalendars(cx, rows);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  const next = more && last ? { at: last.sort_at, id: last.id } : end;
  return {
    // A requester's list has only tickets that they take part in.
    items: rows.map((row) => toItem(cx, row, !isStaff(cx.actor.role))),
    nextCursor: next ? writeCursor(cx, list, next) : null,
    ...(until === undefined
      ? {}
      : { nextUpdatedAfter: cursor && sort !== "updated" ? null : justBefore(until) }),
  };
}

export interface TicketPage extends Page<TicketItem> {
  /**
   * With `updatedAfter`: what to send as the next one, to miss no change. Null on later pages of an order in which a
   * ticket that changes meanwhile may pass by.
   */
  nextUpdatedAfter?: string | null;
}

/** All changes before this time can be seen by the next statement; later ones may wait for an older one to be saved. */
export async function changesEnd(cx: UserCx): Promise<string> {
  const row = await cx.db.first<{ at: string }>(sql`select changes_end(${cx.tenant.id}) as at`);
  return row!.at;
}

function justBefore(time: string): string {
  return new Date(Date.parse(time) - 1).toISOString();
}

export async function readRows(
  cx: UserCx,
  query: Sql,
  { sort, most }: { sort: Sort; most: number },
): Promise<ListRow[]> {
  const order = orderBySort(sort);
  return await cx.db.rows<ListRow>(sql`select ${ITEM_COLUMNS}, t.sort_at
    from (select * from ${query} found ${order} limit ${most}) t ${NAMES} ${order}`);
}

interface Matching {
  filter: Filter;
  sort: Sort;
  after: Position | undefined;
  until: string | undefined;
  units: Unit[];
  most: number;
}

/** In the list's order, each looked up in the index. `end` is where it stopped looking. */
async function readMatching(
  cx: UserCx,
  { filter, sort, after, until, units, most }: Matching,
): Promise<{ rows: ListRow[]; end?: Position }> {
  const order = orderBySort(sort);
  const found: number[] = [];
  let end = after;
  for (const cap of LOOKED_AT) {
    const query = ticketQuery(cx, { filter, sort, after: end, until, cap });
    const looked = await cx.db.rows<Position & { number: number }>(sql`
      select number, sort_at as at, id from ${query} looked ${order} limit ${raw(String(cap))}`);
    const tiers = await tiersOf(cx, units, looked.map(({ number }) => number));
    found.push(...looked.map(({ number }) => number).filter((number) => tiers.has(number)));
    const last = looked.at(-1);
    end = looked.length === cap && last ? { at: last.at, id: last.id } : undefined;
    if (!end || found.length >= most) break;
  }
  const query = ticketQuery(cx, { filter, sort, after, until, cap: 101, numbers: found.slice(0, most) });
  const rows = found.length > 0 ? await readRows(cx, query, { sort, most }) : [];
  return end ? { rows, end } : { rows };
}
