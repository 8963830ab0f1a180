import { type Cell, CSV_START, csvRecords } from "@/domain/shared/csv.ts";
import { zonedTimes } from "@/domain/shared/zoned_time.ts";
import type { ReportResult, ReportRow } from "@/domain/reports/model/types.ts";
import { newestComments } from "@/domain/reports/model/wording.ts";

/** Rows are written in pieces of so many. */
const PIECE = 500;

const STEPS = { day: "Day", week: "Week of", month: "Month of" } as const;
const BEFORE = { previous: "previous period", year: "a year before" } as const;

interface Column {
  head: string;
  cell(row: ReportRow): Cell;
}

/** Numbers are the result's own. There is no total row: sums and pivots would count it as another one. */
export async function* reportCsv(result: ReportResult): AsyncGenerator<string> {
  const columns = [...dimensionColumns(result), ...measureColumns(result)];
  yield* written(columns.map(({ head }) => head), result.rows, (row) => columns.map(({ cell }) => cell(row)));
}

/**
 * What people wrote, as a file of its own: its rows aren't the report's. A heading says how many there are where these
 * aren't all.
 */
export async function* commentsCsv(result: ReportResult): AsyncGenerator<string> {
  const { comments = [], filters } = result;
  const newest = newestComments(result);
  const zoned = zonedTimes(filters.timeZone);
  yield* written(
    [
      "Ticket",
      "Score",
      newest ? `Comment (${newest})` : "Comment",
      "Requester",
      `Rated (${filters.timeZone})`,
    ],
    comments,
    ({ ticketKey, score, text, requester, at }) => [ticketKey, score, text, requester, zoned(at)],
  );
}

async function* written<T>(
  heads: string[],
  rows: readonly T[],
  cells: (row: T) => Cell[],
): AsyncGenerator<string> {
  yield CSV_START + csvRecords([heads]);
  for (let from = 0; from < rows.length; from += PIECE) {
    yield await Promise.resolve(csvRecords(rows.slice(from, from + PIECE).map(cells)));
  }
}

function dimensionColumns({ by, filters, rows }: ReportResult): Column[] {
  if (by.name === "time") {
    const head = `${STEPS[filters.interval]} (${filters.timeZone})`;
    // A day is whole or not; of a week or month its edges are cut.
    const last: Column = { head: `Last day (${filters.timeZone})`, cell: (row) => row.period?.to };
    const partial: Column = { head: "Partial", cell: (row) => row.partial ? "Yes" : "No" };
    return [
      { head, cell: (row) => row.key },
      ...(filters.interval === "day" ? [] : [last]),
      ...(rows.some((row) => row.partial) ? [partial] : []),
    ];
  }
  const label: Column = { head: by.label, cell: (row) => row.label };
  const key: Column = { head: `${by.label} key`, cell: (row) => row.key };
  return rows.some((row) => row.key !== row.label) ? [key, label] : [label];
}

function measureColumns({ measures, filters: { comparison } }: ReportResult): Column[] {
  return measures.flatMap(({ name, label, unit }): Column[] => [
    { head: `${label} (${unit})`, cell: (row) => row.values[name] },
    ...(comparison
      ? [{
        head: `${label}, ${BEFORE[comparison.kind]} (${unit})`,
        cell: (row: ReportRow) => row.previous?.[name],
      }]
      : []),
  ]);
}
