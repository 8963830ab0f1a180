import { stringify } from "csv-stringify/sync";

/** Excel takes a file for UTF-8 by this mark alone. */
export const CSV_START = "\ufeff";
export const CSV_TYPE = "text/csv; charset=utf-8; header=present";

export type Cell = string | number | boolean | null | undefined;

/** Records by RFC 4180: CRLF, quoted where they must be. Numbers stay numbers, and no text becomes a formula. */
export function csvRecords(records: readonly (readonly Cell[])[]): string {
  return stringify(records.map((record) => record.map(cellOf)), {
    record_delimiter: "windows",
    // Either alone ends a record for many readers.
    quoted_match: /[\r\n]/,
  });
}

function cellOf(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "string" ? withoutFormula(cell) : String(cell);
}

/**
 * Spreadsheets calculate what begins with these, whatever was typed; full-width forms too, and some programs skip what
 * isn't seen before them.
 */
const FORMULA = /^[\s\p{Cf}\p{Cc}]*[=+\-@＝＋－＠−]|^[\t\r\n]/u;

/** A text with an apostrophe before what would be a formula (OWASP, CSV injection). */
export function withoutFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
