import { formatMinutes } from "@/domain/sla/clock/wording.ts";
import type { Unit } from "./names.ts";

/** `1,204`, `3 h 20 min`, `95.5%`, `4.3`; an en dash for no value. */
export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return "–";
  if (unit === "minutes") return formatMinutes(Math.round(value));
  if (unit === "percent") return `${rounded(value, 1)}%`;
  return rounded(value, unit === "score" || unit === "queues" ? 2 : 0);
}

function rounded(value: number, digits: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}

/** `+12%`, `−3 points`; null where nothing can be said. */
export function formatChange(value: number | null, before: number | null, unit: Unit): string | null {
  if (value === null || before === null) return null;
  const sign = (n: number) => n > 0 ? "+" : n < 0 ? "−" : "±";
  if (unit === "percent" || unit === "score") {
    const change = value - before;
    const digits = unit === "percent" ? 1 : 2;
    return `${sign(change)}${rounded(Math.abs(change), digits)}${unit === "percent" ? " points" : ""}`;
  }
  if (before === 0) return value === 0 ? "±0%" : null;
  const change = Math.round((value - before) / before * 100);
  return `${sign(change)}${Math.abs(change).toLocaleString("en")}%`;
}
