import { join, raw, type Sql, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import type { Measure, Population, Report, Span } from "./definitions/report.ts";
import type { DimensionName } from "./model/names.ts";
import { conditionsOf, keyOf, sourceOf } from "./population_sql.ts";
import type { Scope } from "./scope.ts";

type Counted = Exclude<Measure, { kind: "share" }>;
type Lasting = Extract<Population, Span>;

/** The measures of a report with their populations: what its statement answers, in this order. */
export interface Part {
  of: Population;
  measures: Counted[];
}

/** One row of a report's statement. */
export interface PartRow {
  /** Index of the part. */
  part: number;
  /** Of the dimension; of time the number of the interval, from 1; null of a total. */
  key: string | null;
  isTotal: boolean;
  /** Of the part's measures, in their order; over time those of what lasts are changes against the interval before. */
  numbers: (number | null)[];
}

/** Measures of one population stand together. */
export function partsOf(report: Report): Part[] {
  const parts: Part[] = [];
  for (const measure of report.measures) {
    if (measure.kind === "share") continue;
    const known = parts.find(({ of }) => of === measure.of);
    if (known) known.measures.push(measure);
    else parts.push({ of: measure.of, measures: [measure] });
  }
  return parts;
}

export function isLasting(of: Population): of is Lasting {
  return "from" in of;
}

/** All numbers of a report in one statement, a {@link PartRow} each. `scope` has at least one interval. */
export function reportStatement(cx: UserCx, parts: readonly Part[], by: DimensionName, scope: Scope): Sql {
  const tables: Sql[] = [];
  const selects = parts.flatMap((part, index) => {
    const { of } = part;
    if (!isLasting(of)) return [duringSql(cx, part, { of, index, by, scope })];
    if (by !== "time") return [lastingSql(cx, part, { of, index, by, scope })];
    const spans = spansOf(part.measures);
    const table = sql`${raw(`spans_${index}`)}`;
    if (spans.length > 0) {
      tables.push(sql`${table} as materialized (${spansSql(cx, spans, { of, scope })})`);
    }
    return [
      endSql(cx, part, { of, index, scope }),
      ...changesSql(cx, part, { of, index, scope }),
      ...spans.flatMap((span) => spanChangesSql(part, span, { index, scope, table })),
    ];
  });
  const all = join(selects, " union all ");
  return tables.length > 0 ? sql`with ${join(tables)} ${all}` : all;
}

const row = (index: number, key: Sql, isTotal: Sql, numbers: readonly Sql[]): Sql =>
  sql`select ${index}::integer as part, ${key} as key, ${isTotal} as "isTotal",
    array[${join(numbers)}]::float8[] as numbers`;

interface Asked<P> {
  of: P;
  index: number;
  by: DimensionName;
  scope: Scope;
}

function duringSql(
  cx: UserCx,
  { measures }: Part,
  { of, index, by, scope }: Asked<Exclude<Population, Span>>,
): Sql {
  const key = keyOf(of, by, scope);
  const conditions = sql`${of.at} >= ${scope.start}::timestamptz and ${of.at} < ${scope.end}::timestamptz`;
  // A ticket has one row of its own, and may have several of other facts.
  const counted = of.facts ? sql`count(distinct f.id)` : sql`count(*)`;
  const numbers = measures.map((measure) =>
    measure.kind === "value" ? measure.value : filtered(counted, measure.where ? [measure.where] : [])
  );
  return grouped(index, { cx, of, numbers, key, scope, conditions });
}

function lastingSql(cx: UserCx, { measures }: Part, { of, index, by, scope }: Asked<Lasting>): Sql {
  const conditions = lastsAt(of, scope);
  const numbers = numbersAt(measures, scope);
  return grouped(index, { cx, of, numbers, key: keyOf(of, by, scope), scope, conditions });
}

/** What there is at the end, as the total. */
function endSql(cx: UserCx, { measures }: Part, { of, index, scope }: Omit<Asked<Lasting>, "by">): Sql {
  const conditions = lastsAt(of, scope);
  const numbers = numbersAt(measures, scope);
  return sql`${row(index, sql`null`, sql`true`, numbers)}
    from ${sourceOf(of, [...numbers, conditions], cx, scope)} where ${
    conditionsOf(cx, of, scope)
  } and ${conditions}`;
}

export function lastsAt({ from, to }: Span, { end }: Pick<Scope, "end">): Sql {
  return sql`${from} < ${end}::timestamptz and ${to} >= ${end}::timestamptz`;
}

function numbersAt(measures: readonly Counted[], scope: Scope): Sql[] {
  return measures.map((measure) => {
    const { where, span } = countOf(measure);
    return filtered(sql`count(*)`, [...(span ? [lastsAt(span, scope)] : []), ...(where ? [where] : [])]);
  });
}

function filtered(aggregate: Sql, conditions: Sql[]): Sql {
  return conditions.length === 0 ? aggregate : sql`${aggregate} filter (where ${join(conditions, " and ")})`;
}

/** What lasts is counted, never measured. */
function countOf(measure: Counted): Extract<Measure, { kind: "count" }> {
  if (measure.kind !== "count") throw new Error(`Cannot measure "${measure.name}": it lasts`);
  return measure;
}

function grouped(
  index: number,
  { cx, of, numbers, key, scope, conditions }: {
    cx: UserCx;
    of: Population;
    numbers: readonly Sql[];
    key: Sql;
    scope: Scope;
    conditions: Sql;
  },
): Sql {
  return sql`${row(index, sql`d.key::text`, sql`grouping(d.key) = 1`, numbers)}
    from ${sourceOf(of, [key, ...numbers, conditions], cx, scope)} cross join lateral (select ${key} as key) d
    where ${conditionsOf(cx, of, scope)} and ${conditions}
    group by grouping sets ((d.key), ())`;
}

/**
 * How much more there is of what lasts at the end of each interval than at the end of the one before: what began between
 * them without what stopped. With what there is at the last end these are all, and no row is looked at for each of them.
 */
function changesSql(cx: UserCx, { measures }: Part, { of, index, scope }: Omit<Asked<Lasting>, "by">): Sql[] {
  const counts = measures.map(countOf);
  if (counts.every(({ span }) => span)) return [];
  return ([[of.from, 1], [of.to, -1]] as const).map(([time, sign]) => {
    const numbers = counts.map(({ span, where }) =>
      span ? sql`null` : filtered(sql`${sign}::integer * count(*)`, where ? [where] : [])
    );
    return sql`${row(index, sql`${placeOf(time, scope)}::text`, sql`false`, numbers)}
      from ${sourceOf(of, [time, ...numbers], cx, scope)} where ${conditionsOf(cx, of, scope)}
        and ${isAfterFirst(time, scope)} group by ${raw("2")}`;
  });
}

function spansOf(measures: readonly Counted[]): Span[] {
  return measures.map(countOf).flatMap(({ span, rest }) => span && !rest ? [span] : []);
}

/** The rows that may have any of the spans in the period, read once for all of them. */
function spansSql(cx: UserCx, spans: readonly Span[], { of, scope }: { of: Lasting; scope: Scope }): Sql {
  const anySpan = join(spans.map(({ from, to }) => sql`${from} < ${to}`), " or ");
  return sql`select f.from_at, f.to_at, f.created_at from ${sourceOf(of, [anySpan], cx, scope)}
    where ${conditionsOf(cx, of, scope)} and ${of.from} < ${scope.end}::timestamptz
      and ${of.to} >= ${scope.ends[0]!}::timestamptz and (${anySpan})`;
}

function spanChangesSql(
  { measures }: Part,
  span: Span,
  { index, scope, table }: { index: number; scope: Scope; table: Sql },
): Sql[] {
  return ([[span.from, 1], [span.to, -1]] as const).map(([time, sign]) => {
    const numbers = measures.map((measure) =>
      countOf(measure).span === span ? sql`${sign}::integer * count(*)` : sql`null`
    );
    return sql`${row(index, sql`${placeOf(time, scope)}::text`, sql`false`, numbers)}
      from ${table} f where ${span.from} < ${span.to} and ${isAfterFirst(time, scope)} group by ${raw("2")}`;
  });
}

function isAfterFirst(time: Sql, scope: Scope): Sql {
  return sql`${time} >= ${scope.ends[0]!}::timestamptz and ${time} < ${scope.end}::timestamptz`;
}

/** The interval at whose end something that began or stopped then shows. */
function placeOf(time: Sql, scope: Scope): Sql {
  return sql`(width_bucket(${time}, ${scope.ends}::timestamptz[]) + 1)`;
}
