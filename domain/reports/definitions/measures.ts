import { type Sql, sql } from "@/db/sql.ts";
import type { Measure, Population } from "./report.ts";
import type { MeasureInfo } from "@/domain/reports/model/types.ts";

type Words = Pick<MeasureInfo, "label" | "help"> & { moreIs?: MeasureInfo["moreIs"] };

/** How many tickets of `of` meet `where`. */
export function count(
  name: string,
  of: Population,
  { moreIs = null, ...words }: Words,
  where?: Sql,
): Extract<Measure, { kind: "count" }> {
  return { name, unit: "tickets", moreIs, kind: "count", of, ...words, ...(where ? { where } : {}) };
}

/** `part` of `whole`, measures of the same report, in percent. */
export function share(
  name: string,
  [part, ...whole]: [string, ...string[]],
  { moreIs = null, ...words }: Words,
): Measure {
  return { name, unit: "percent", moreIs, kind: "share", part, whole, ...words };
}

/** Median, 90th percentile and average of a time in milliseconds: `Business` becomes `businessP50`. */
export function times(
  of: Population,
  { prefix, label, help, ms }: { prefix: string; label: string; help: string; ms: Sql },
): Measure[] {
  const one = (suffix: string, title: string, sentence: string, value: Sql): Measure => ({
    name: prefix + suffix,
    label: `${label}, ${title}`,
    help: `${help} ${sentence}`,
    unit: "minutes",
    moreIs: "bad",
    kind: "value",
    of,
    value,
    where: sql`${ms} is not null`,
  });
  return [
    one("P50", "median", "Half of the tickets took at most this long.", percentile(ms, sql`0.5`)),
    one("P90", "90%", "Nine of ten tickets took at most this long.", percentile(ms, sql`0.9`)),
    one("Average", "average", "The sum of the times over the number of tickets.", sql`avg(${ms}) / 60000.0`),
  ];
}

/** Nearest rank: a time that a ticket took. */
function percentile(ms: Sql, rank: Sql): Sql {
  return sql`percentile_disc(${rank}) within group (order by ${ms}) / 60000.0`;
}

/** Milliseconds between two columns. */
export function between(from: Sql, to: Sql): Sql {
  return sql`(date_part('epoch', ${to} - ${from}) * 1000)::bigint`;
}
