import type { z } from "zod";
import { sql } from "../../db/sql.ts";
import { isStaff } from "../access.ts";
import type { UserCx } from "../cx.ts";
import { type Position, readCursor, writeCursor } from "../cursor.ts";
import { overView } from "../views/filter.ts";
import { useView } from "../views/read.ts";
import { hasTerms } from "../search/candidates.ts";
import { matchText } from "../search/match.ts";
import { readyCalendars } from "../sla/stored.ts";
import { orderOf, readingOf } from "./branches.ts";
import { ITEM_COLUMNS, type ItemRow, NAMES, toItem } from "./columns.ts";
import type { ListTickets } from "./filter.ts";
import type { Page, TicketItem } from "./types.ts";

/** A search for common words looks at so many tickets a page, then hands the rest to the next one. */
const LOOKED_AT = 5000;

type ListRow = ItemRow & { sort_at: string };

/**
 * The tickets that the actor may see, cut to the filter, a page at a time.
 *
 * A `q` that is a key finds that ticket; any other holds tickets with its words, as the search has it. Where all of the
 * words are common {@link LOOKED_AT} tickets are looked at for a page, so it may be short and still have a next one.
 *
 * @throws DomainError invalid for a cursor of another order, or a view that isn't the actor's to use
 */
export async function listTickets(
  cx: UserCx,
  input: z.output<typeof ListTickets>,
): Promise<Page<TicketItem>> {
  const { limit, cursor, sort = "-created", view: _view, ...filter } = input.view
    ? overView(input, await useView(cx, input.view))
    : input;
  const list = `tickets:${sort}`;
  const after = cursor ? readCursor(cx, list, cursor) : undefined;
  const { terms, numbers } = await matchText(cx, filter.q);
  const reading = readingOf(cx, { filter, sort, after, cap: terms ? LOOKED_AT : 101, numbers });
  const order = orderOf(sort);
  const looked = sql`(select * from ${reading} looked ${order} limit 5000)`;
  const found = terms
    ? sql`(select * from ${looked} looked where ${hasTerms(cx, terms, { number: sql`looked.number` })})`
    : reading;
  const rows = await cx.db.rows<ListRow>(sql`select ${ITEM_COLUMNS}, t.sort_at
    from (select * from ${found} found ${order} limit ${limit + 1}) t ${NAMES} ${order}`);
  const end = terms && rows.length <= limit
    ? await cx.db.first<Position>(
      sql`select sort_at as at, id from ${looked} looked ${order} offset 4999 limit 1`,
    )
    : undefined;
  await readyCalendars(cx, rows);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  const next = more && last ? { at: last.sort_at, id: last.id } : end;
  return {
    // A requester's list holds what they take part in, and nothing else.
    items: rows.map((row) => toItem(cx, row, !isStaff(cx.actor.role))),
    nextCursor: next ? writeCursor(cx, list, next) : null,
  };
}
