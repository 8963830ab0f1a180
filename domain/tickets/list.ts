import type { z } from "zod";
import { sql } from "../../db/sql.ts";
import { isStaff } from "../access.ts";
import type { UserCx } from "../cx.ts";
import { type Position, readCursor, writeCursor } from "../cursor.ts";
import { overView } from "../views/filter.ts";
import { useView } from "../views/read.ts";
import { orderOf, readingOf } from "./branches.ts";
import { ITEM_COLUMNS, type ItemRow, NAMES, toItem } from "./columns.ts";
import type { ListTickets } from "./filter.ts";
import { parseKey } from "./formatting.ts";
import type { Page, TicketItem } from "./types.ts";

/** A search in titles looks at so many tickets a page, then hands the rest to the next one. */
const LOOKED_AT = 5000;

type ListRow = ItemRow & { sort_at: string };

/**
 * The tickets that the actor may see, cut to the filter, a page at a time.
 *
 * A `q` that is a key finds that ticket; any other is searched in titles, {@link LOOKED_AT} tickets at a time, so a page
 * may be short and still have a next one.
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
  const word = filter.q === undefined || parseKey(filter.q) !== null ? null : filter.q;
  const reading = readingOf(cx, { filter, sort, after, cap: word === null ? 101 : LOOKED_AT });
  const order = orderOf(sort);
  const looked = sql`(select * from ${reading} looked ${order} limit 5000)`;
  const found = word === null
    ? reading
    : sql`(select * from ${looked} looked where strpos(lower(title), lower(${word}::text)) > 0)`;
  const [rows, end] = await Promise.all([
    cx.db.rows<ListRow>(sql`select ${ITEM_COLUMNS}, t.sort_at
      from (select * from ${found} found ${order} limit ${limit + 1}) t ${NAMES} ${order}`),
    word === null ? undefined : cx.db.first<Position>(
      sql`select sort_at as at, id from ${looked} looked ${order} offset 4999 limit 1`,
    ),
  ]);
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
