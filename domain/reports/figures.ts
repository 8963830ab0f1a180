import { type Sql, sql } from "@/db/sql.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import type { Report } from "./definitions/report.ts";
import type { DimensionName, Unit } from "./model/names.ts";
import type { Values } from "./model/types.ts";
import type { Scope } from "./scope.ts";
import { isLasting, type Part, type PartRow, partsOf, reportStatement } from "./statement.ts";

/** The numbers of a period: in total and by key, which over time is the place of the row, from 0. */
export interface Figures {
  total: Values;
  byKey: ReadonlyMap<string, Values>;
}

/** @param scope null for a period that hasn't begun, of which there is nothing */
export async function figuresOf(
  cx: UserCx,
  report: Report,
  by: DimensionName,
  scope: Scope | null,
): Promise<Figures> {
  const parts = partsOf(report);
  const rows = scope === null ? [] : await readParts(cx, reportStatement(cx, parts, by, scope));
  const byKey = new Map<string, Record<string, number | null>>();
  const total = empty(parts);
  if (by === "time") scope?.intervals.forEach((_, i) => byKey.set(String(i + 1), empty(parts)));
  for (const { part, key, isTotal, numbers } of rows) {
    const values = isTotal ? total : byKey.get(key!) ?? (by === "time" ? null : empty(parts));
    if (values === null) continue;
    if (!isTotal) byKey.set(key!, values);
    const { of, measures } = parts[part]!;
    const adds = by === "time" && !isTotal && isLasting(of);
    measures.forEach(({ name }, i) => {
      const number = numbers[i] ?? null;
      if (number !== null) values[name] = adds ? (values[name] ?? 0) + number : number;
    });
  }
  if (by === "time") countBack(parts, [...byKey.values()], total);
  return {
    total: withShares(report, total),
    byKey: new Map(
      Array.from(byKey, ([key, values]) => [placeOf(key, by, scope), withShares(report, values)]),
    ),
  };
}

/** Over time the row of an interval, which is counted without those that have none to be compared with. */
function placeOf(key: string, by: DimensionName, scope: Scope | null): string {
  return by === "time" ? String(scope!.places[Number(key) - 1]) : key;
}

/** With room to sort a year in memory, until the transaction ends. */
async function readParts(cx: UserCx, statement: Sql): Promise<PartRow[]> {
  const [, rows] = await inOrder(cx.db, [
    () => cx.db.run(sql`select set_config('work_mem', '64MB', true)`),
    () => cx.db.rows<PartRow & Record<string, unknown>>(statement, { rare: true }).catch(orTooLong),
  ]);
  return rows;
}

/** @throws DomainError unavailable for a statement that took too long, else the error itself */
export function orTooLong(error: unknown): never {
  if ((error as { code?: unknown } | null)?.code !== "57014") throw error;
  const detail = "This report takes too long. Choose a shorter period, or fewer filters";
  throw new DomainError("unavailable", detail, { retryAfter: 60, cause: error });
}

function empty(parts: readonly Part[]): Record<string, number | null> {
  return Object.fromEntries(
    parts.flatMap(({ measures }) => measures.map((measure) => [measure.name, emptyValue(measure)])),
  );
}

/** Nothing is zero tickets, and no median. */
export function emptyValue({ unit }: { unit: Unit }): number | null {
  return unit === "tickets" || unit === "replies" ? 0 : null;
}

/** What lasts came as changes from one interval to the next, and as the total of what there is at the end. */
function countBack(
  parts: readonly Part[],
  intervals: readonly Record<string, number | null>[],
  total: Readonly<Record<string, number | null>>,
): void {
  const measures = parts.flatMap(({ of, measures }) => isLasting(of) ? measures : []);
  for (const { name } of measures) {
    let there = total[name] ?? 0;
    for (const values of intervals.toReversed()) {
      const change = values[name] ?? 0;
      values[name] = there;
      there -= change;
    }
  }
  for (const measure of measures) {
    if (measure.kind !== "count" || !measure.rest) continue;
    const { whole, others } = measure.rest;
    for (const values of intervals) {
      values[measure.name] = others.reduce((sum, name) => sum - values[name]!, values[whole]!);
    }
  }
}

function withShares(report: Report, values: Record<string, number | null>): Values {
  for (const measure of report.measures) {
    if (measure.kind !== "share") continue;
    const whole = measure.whole.reduce((sum, name) => sum + (values[name] ?? 0), 0);
    values[measure.name] = whole === 0 ? null : (values[measure.part] ?? 0) / whole * 100;
  }
  return values;
}
