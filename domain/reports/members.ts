import { z } from "zod";
import { empty, type Sql, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { invalidField } from "@/domain/errors.ts";
import { END, PageOf, readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import type { Page } from "@/domain/shared/types.ts";
import { loadCalendars } from "@/domain/sla/tracking/stored_clocks.ts";
import { ITEM_COLUMNS, type ItemRow, NAMES, toItem } from "@/domain/tickets/access/ticket_row.ts";
import { NONE, visibleToActor } from "@/domain/tickets/access/visibility.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import { line, optional } from "@/domain/validation.ts";
import type { Measure, Population } from "./definitions/report.ts";
import { orTooLong } from "./figures.ts";
import { labelsOf } from "./labels.ts";
import { ReportQuery } from "./model/parameters.ts";
import { conditionsOf, keyOf, sourceOf } from "./population_sql.ts";
import { checkRequest, type ReportRequest } from "./request.ts";
import type { Scope } from "./scope.ts";
import { isLasting, lastsAt } from "./statement.ts";
import { intervalLabels } from "./run.ts";

/** One number of a report: a measure, the first unless named, and the key of a row unless it is of the total. */
export const MembersQuery = ReportQuery.extend({
  measure: optional(line(1, 60)),
  key: optional(line(1, 60)),
  ...PageOf.shape,
});

export interface Members extends Page<TicketItem> {
  /** As the report says it. */
  count: number;
  label: string;
  /** Of the row; null of a total. */
  keyLabel: string | null;
  request: ReportRequest;
}

/**
 * The tickets that a number of a report counts, the newest first; of a median or sum those that it is made of.
 * @throws DomainError as {@link checkRequest}; invalid for a measure or key that the report hasn't, or a wrong cursor
 */
export async function listMembers(
  cx: UserCx,
  name: string,
  query: z.output<typeof MembersQuery>,
): Promise<Members> {
  const request = await checkRequest(cx, name, query);
  const measure = measureOf(request, query.measure);
  const list = `report:${name}:${measure.name}`;
  const after = query.cursor ? readCursor(cx, list, query.cursor) : END;
  const members = request.scope && membersOf(cx, request, measure, query.key);
  const words = { label: measure.label, keyLabel: await labelOf(cx, request, query.key), request };
  if (!members) return { items: [], nextCursor: null, count: 0, ...words };
  const [rows, [counted]] = await Promise.all([
    cx.db.rows<ItemRow & Record<string, unknown>>(
      sql`select ${ITEM_COLUMNS} from (
        select t.* from tickets t where t.tenant_id = ${cx.tenant.id} and t.id in (${members}) ${
        visibleToActor(cx)
      }
          and (t.created_at, t.id) < (${after.at}::timestamptz, ${after.id}::uuid)
        order by t.created_at desc, t.id desc limit ${query.limit + 1}
      ) t ${NAMES} order by t.created_at desc, t.id desc`,
      { rare: true },
    ),
    cx.db.rows<{ count: number }>(sql`select count(*) from (${members}) m`, { rare: true }),
  ]).catch(orTooLong);
  await loadCalendars(cx, rows);
  const more = rows.length > query.limit;
  if (more) rows.length = query.limit;
  const last = rows.at(-1);
  return {
    items: rows.map((row) => toItem(cx, row, false)),
    nextCursor: more && last ? writeCursor(cx, list, { at: last.created_at, id: last.id }) : null,
    count: counted!.count,
    ...words,
  };
}

async function labelOf(
  cx: UserCx,
  request: ReportRequest,
  key: string | undefined,
): Promise<string | null> {
  if (key === undefined) return null;
  if (request.by !== "time") return (await labelsOf(cx, request.by, [key])).get(key) ?? key;
  const period = request.scope?.intervals.find(({ from }) => from === key);
  return period ? intervalLabels(cx.actor.locale, request)(period) : key;
}

function measureOf(
  { report }: ReportRequest,
  name = report.measures[0]!.name,
): Exclude<Measure, { kind: "share" }> {
  const found = report.measures.find((measure) => measure.name === name);
  if (found && found.kind !== "share") return found;
  const allowed = report.measures.filter(({ kind }) => kind !== "share").map((measure) => measure.name);
  throw invalidField("measure", "invalid_value", `Must be one of ${allowed.join(", ")}`);
}

/** Ids of tickets, each once: by the conditions of the report's own statement. */
export function membersOf(
  cx: UserCx,
  { by, scope }: Pick<ReportRequest, "by" | "scope">,
  measure: Exclude<Measure, { kind: "share" }>,
  key: string | undefined,
): Sql {
  const { of } = measure;
  const part = by === "time" && key !== undefined ? intervalOf(scope!, key) : scope!;
  const wanted = by === "time" || key === undefined ? null : key === "none" ? NONE : key;
  const span = measure.kind === "count" ? measure.span : undefined;
  const conditions = sql`${within(of, part)} ${span ? sql`and ${lastsAt(span, part)}` : empty} ${
    measure.where ? sql`and ${measure.where}` : empty
  } ${wanted === null ? empty : sql`and (${keyOf(of, by, part)})::text = ${wanted}`}`;
  return sql`select distinct ${of.facts ? sql`f` : sql`t`}.id from ${sourceOf(of, [conditions], cx, part)}
    where ${conditionsOf(cx, of, part)} and ${conditions}`;
}

function within(of: Population, scope: Scope): Sql {
  return isLasting(of)
    ? lastsAt(of, scope)
    : sql`${of.at} >= ${scope.start}::timestamptz and ${of.at} < ${scope.end}::timestamptz`;
}

/** The interval that begins on a day. @throws DomainError invalid when none does */
function intervalOf(scope: Scope, day: string): Scope {
  const i = scope.intervals.findIndex(({ from }) => from === day);
  if (i < 0) {
    throw invalidField("key", "invalid_value", "Must be the first day of one of the report's intervals");
  }
  return { ...scope, start: scope.starts[i]!, end: scope.ends[i]! };
}
