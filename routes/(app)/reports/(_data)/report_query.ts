import { z } from "zod";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import { readQuery } from "@/pages/query.ts";

const NAMES = Object.keys(ReportQuery.shape);
/** Said once; the others may have several values. */
const SINGLE = ["period", "from", "to", "timeZone", "interval", "by", "compare", "sort"];

/** Of an address, as the schema takes it. What it doesn't know stays outside. */
export function queryOf(search: URLSearchParams): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const name of NAMES) {
    const values = search.getAll(name).filter((value) => value !== "");
    if (values.length > 0) query[name] = SINGLE.includes(name) ? values.at(-1)! : values;
  }
  return query;
}

const Day = z.object({ day: z.iso.date() });

/** The days in the form's fields, which can't hold anything else; empty without a period. */
export function shownDays(
  search: URLSearchParams,
  period: { from: string; to: string } | undefined,
): { from: string; to: string } {
  const shown = (name: "from" | "to") =>
    readQuery(Day, { day: search.get(name) ?? period?.[name] }).input?.day ?? "";
  return { from: shown("from"), to: shown("to") };
}

/**
 * The address that a sent form means, without what it left empty: a period, or the days where they were edited or custom
 * was chosen. Null for an address that no form made.
 */
export function sentQuery(search: URLSearchParams): URLSearchParams | null {
  const shown = search.get("shown");
  if (shown === null) return null;
  const days = `${search.get("from") ?? ""}_${search.get("to") ?? ""}`;
  const custom = search.get("period") === "custom" || days !== shown;
  const dropped = custom ? ["period", "shown"] : ["from", "to", "shown"];
  return new URLSearchParams(
    [...search].filter(([name, value]) => value !== "" && !dropped.includes(name)),
  );
}

/** The same address with one value changed; empty takes it out. */
export function withValue(search: URLSearchParams, name: string, value: string): string {
  const query = new URLSearchParams([...search].filter(([known]) => known !== name));
  if (value !== "") query.set(name, value);
  return `?${query}`;
}
