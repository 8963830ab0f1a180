import { empty, join, type Sql, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import type { Measure, Population, Report } from "./definitions/report.ts";
import type { DimensionName } from "./model/names.ts";
import { conditionsOf, keyOf, sourceOf } from "./population_sql.ts";
import type { Scope } from "./scope.ts";

type Counted = Exclude<Measure, { kind: "share" }>;
type Lasting = Extract<Population, { from: Sql }>;

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

/** @param by decides whether what lasts is told as changes */
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
  const stays = by === "time" ? crossingStays(cx, parts, scope) : null;
  const selects = parts.map((part, index) => {
    if (!isLasting(part.of)) return duringSql(cx, part, { index, by, scope });
    if (by !== "time") return lastingSql(cx, part, { index, by, scope });
    return changesSql(cx, part, { index, scope, stays: stays?.for(part.of) ?? null });
  });
  return sql`${stays?.with ?? empty} ${join(selects, " union all ")}`;
}

const row = (index: number, key: Sql, isTotal: Sql, numbers: readonly Sql[]): Sql =>
  sql`select ${index}::integer as part, ${key} as key, ${isTotal} as "isTotal",
    array[${join(numbers)}]::float8[] as numbers`;

function duringSql(
  cx: UserCx,
  { of, measures }: Part,
  { index, by, scope }: { index: number; by: DimensionName; scope: Scope },
): Sql {
  const at = (of as Extract<Population, { at: Sql }>).at;
  const key = keyOf(of, by, scope);
  const conditions = sql`${at} >= ${scope.start}::timestamptz and ${at} < ${scope.end}::timestamptz`;
  return grouped(index, { cx, of, measures, key, scope, conditions });
}

function lastingSql(
  cx: UserCx,
  { of, measures }: Part,
  { index, by, scope }: { index: number; by: DimensionName; scope: Scope },
): Sql {
  const { from, to } = of as Lasting;
  const conditions = sql`${from} < ${scope.end}::timestamptz and ${to} >= ${scope.end}::timestamptz`;
  return grouped(index, { cx, of, measures, key: keyOf(of, by, scope), scope, conditions });
}

function grouped(
  index: number,
  { cx, of, measures, key, scope, conditions }: {
    cx: UserCx;
    of: Population;
    measures: readonly Counted[];
    key: Sql;
    scope: Scope;
    conditions: Sql;
  },
): Sql {
  const numbers = measures.map((measure) => aggregate(of, measure));
  return sql`${row(index, sql`d.key`, sql`grouping(d.key) = 1`, numbers)}
    from ${sourceOf(of, [key, ...numbers, conditions], cx, scope)} cross join lateral (select ${key} as key) d
    where ${conditionsOf(cx, of, scope)} and ${conditions}
    group by grouping sets ((d.key), ())`;
}

function aggregate(of: Population, measure: Counted): Sql {
  if (measure.kind === "value") return measure.value;
  // A ticket has one row of its own, and may have several of other facts.
  const counted = of.facts ? sql`count(distinct f.id)` : sql`count(*)`;
  return measure.where ? sql`${counted} filter (where ${measure.where})` : counted;
}

/**
 * What lasts, at the end of each interval: of each row only where it begins and stops being counted, so that a year of
 * days costs no more than its rows.
 */
function changesSql(
  cx: UserCx,
  { of, measures }: Part,
  { index, scope, stays }: { index: number; scope: Scope; stays: Sql | null },
): Sql {
  const { from, to } = of as Lasting;
  const flags = measures.map(({ where }) => where ?? sql`true`);
  const source = stays ??
    sql`${sourceOf(of, [from, to, ...flags], cx, scope)} where ${conditionsOf(cx, of, scope)}
    and ${from} < ${scope.end}::timestamptz and ${to} >= ${scope.ends[0]!}::timestamptz`;
  const numbers = flags.map((_, i) => sql`sum(c.change) filter (where s.flags[${i + 1}::integer])`);
  return sql`${row(index, sql`c.place::text`, sql`false`, numbers)}
    from (
      select width_bucket(${from}, ${scope.ends}::timestamptz[]) as first,
        width_bucket(${to}, ${scope.ends}::timestamptz[]) as past, array[${join(flags)}] as flags
      from ${source} ${stays ? sql`where` : sql`and`} ${from} < ${to} offset 0
    ) s cross join lateral (values (s.first + 1, 1), (s.past + 1, -1)) c (place, change)
    where s.first < s.past
    group by c.place`;
}

/** The stays in which an interval ends, once for all parts that count stays of the same kind. */
function crossingStays(
  cx: UserCx,
  parts: readonly Part[],
  scope: Scope,
): { with: Sql; for: (of: Population) => Sql | null } | null {
  const lasting = parts.map(({ of }) => of).filter((of) => isLasting(of) && of.facts === "report_stays");
  const [first] = lasting;
  if (
    lasting.length < 2 || !lasting.every(({ where, keys }) => where === first!.where && keys === first!.keys)
  ) {
    return null;
  }
  const ends = sql`${scope.ends}::timestamptz[]`;
  return {
    with: sql`with crossing as materialized (
      select f.* from ${sourceOf(first!, [], cx, scope)} where ${conditionsOf(cx, first!, scope)}
        and f.from_at < ${scope.end}::timestamptz and f.to_at >= ${scope.ends[0]!}::timestamptz
        and width_bucket(f.from_at, ${ends}) < width_bucket(f.to_at, ${ends})
    )`,
    for: (of) => lasting.includes(of) ? sql`crossing f` : null,
  };
}
