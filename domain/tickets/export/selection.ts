import { type Sql, sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { tiersOf } from "@/domain/search/candidates.ts";
import { matchText } from "@/domain/search/match.ts";
import type { Unit } from "@/domain/search/terms.ts";
import { loadCalendars } from "@/domain/sla/tracking/stored_clocks.ts";
import { toItem } from "@/domain/tickets/access/ticket_row.ts";
import { changesEnd, readRows } from "@/domain/tickets/list.ts";
import type { Filter, Sort } from "@/domain/tickets/model/filter.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import { orderBySort, ticketQuery } from "@/domain/tickets/ticket_query.ts";

/** Most tickets that are read at once. */
export const BATCH = 1000;

/** What a list had at one moment. */
export interface Selection {
  filter: Filter;
  sort: Sort;
  /** Of the tickets, in the list's order. */
  numbers: number[];
  /** Words that are too common to be looked up for all at once: each batch is filtered by them. */
  units?: Unit[];
}

/**
 * All tickets of a list at this moment, however many. A list that is walked page by page while tickets change would miss
 * some and have others twice, and a transaction as long as a download would hold back the events of everybody.
 */
export async function selectTickets(
  cx: UserCx,
  { filter, sort }: Pick<Selection, "filter" | "sort">,
): Promise<Selection> {
  const until = filter.updatedAfter === undefined ? undefined : await changesEnd(cx);
  const { units, numbers: found } = await matchText(cx, filter.q);
  const query = ticketQuery(cx, { filter, sort, until, cap: null, numbers: found });
  const row = await cx.db.first<{ numbers: string | null }>(selected(query, sort));
  const numbers = row?.numbers ? row.numbers.split(",").map(Number) : [];
  return { filter, sort, numbers, ...(units ? { units } : {}) };
}

/** As one text, because a row each would take ten times the memory. */
function selected(query: Sql, sort: Sort): Sql {
  return sql`select string_agg(number::text, ',' ${orderBySort(sort)}) as numbers from ${query} found`;
}

/** Up to {@link BATCH} of a selection as they are now: those that still match and that the actor may still see. */
export async function readBatch(
  cx: UserCx,
  { filter, sort, units }: Selection,
  batch: number[],
): Promise<TicketItem[]> {
  const found = units ? await tiersOf(cx, units, batch) : null;
  const numbers = found ? batch.filter((number) => found.has(number)) : batch;
  if (numbers.length === 0) return [];
  const query = ticketQuery(cx, { filter, sort, cap: 1001, numbers });
  const rows = await readRows(cx, query, { sort, most: BATCH });
  await loadCalendars(cx, rows);
  // What changed since is where it was when the list was taken.
  const places = new Map(numbers.map((number, i) => [number, i]));
  rows.sort((a, b) => places.get(a.number)! - places.get(b.number)!);
  return rows.map((row) => toItem(cx, row, !isStaff(cx.actor.role)));
}
