/** Compares every number of every report with the list that it leads to. */
import { join, sql } from "@/db/sql.ts";
import { act, type UserCx } from "@/domain/cx.ts";
import { ALL_REPORTS } from "@/domain/reports/definitions/all.ts";
import type { Report } from "@/domain/reports/definitions/report.ts";
import { membersOf } from "@/domain/reports/members.ts";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import { checkRequest } from "@/domain/reports/request.ts";
import { runReport } from "@/domain/reports/run.ts";
import { parse } from "@/domain/validation.ts";
import type { Desk } from "./desk.ts";

interface Asker {
  tenantId: string;
  userId: string;
}

/**
 * By every dimension, each with the next of `queries`: of a count as many tickets as it says, of other numbers any, and
 * a link where there are any. @returns what differs, and how many numbers were looked at
 */
export async function againstLists(
  desk: Desk,
  asker: Asker,
  queries: readonly Record<string, unknown>[],
): Promise<{ wrong: string[]; numbers: number }> {
  const wrong: string[] = [];
  let numbers = 0;
  let turn = 0;
  for (const report of ALL_REPORTS) {
    for (const by of report.dimensions) {
      const query = parse(ReportQuery, { by, ...queries[turn++ % queries.length] });
      // One transaction each: the database ends those that take long.
      const found = await act(
        desk.request(),
        { kind: "person", ...asker },
        (cx) => compare(cx as UserCx, report, query),
      );
      numbers += found.numbers;
      wrong.push(...found.wrong);
    }
  }
  return { wrong, numbers };
}

async function compare(
  cx: UserCx,
  report: Report,
  query: ReportQuery,
): Promise<{ wrong: string[]; numbers: number }> {
  const [result, request] = [
    await runReport(cx, report.name, query),
    await checkRequest(cx, report.name, query),
  ];
  const told = [...result.rows, result.total].flatMap((row) =>
    report.measures.flatMap((measure) => {
      if (measure.kind === "share") return [];
      const key = row === result.total ? undefined : row.key;
      return [{ row, measure, members: membersOf(cx, request, measure, key)! }];
    })
  );
  const counts = await cx.db.rows<{ n: number }>(
    sql`${
      join(
        told.map(({ members }, i) => sql`select ${i}::integer as i, count(*) as n from (${members}) m`),
        " union all ",
      )
    } order by i`,
    { rare: true },
  );
  const wrong = told.flatMap(({ row, measure }, i) => {
    const { n } = counts[i]!;
    const value = row.values[measure.name];
    const linked = row.links[measure.name] !== undefined;
    const fits = measure.kind === "count"
      ? value === n && linked === n > 0
      : linked === (n > 0 && Boolean(value));
    return fits
      ? []
      : [`${report.name} by ${result.by.name}, ${row.label}: ${measure.name} ${value}, ${n} tickets`];
  });
  return { wrong, numbers: told.length };
}
