import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import type { TicketClock, TicketItem } from "@/domain/tickets/model/types.ts";
import { elapsedMinutes, type Phase } from "@/domain/sla/clock/clocks.ts";
import type { ClockUpdate } from "./save_clocks.ts";
import type { Metric } from "@/domain/sla/clock/ledger.ts";
import { cachedCalendar, loadVersions } from "./versions.ts";

/** A clock as of the last entry of its ledger. */
export type StoredClock = [
  metric: Metric,
  phase: Phase,
  targetMinutes: number | null,
  elapsedMs: number,
  countedAt: string,
  dueAt: string | null,
  breachedAt: string | null,
  endedAt: string | null,
  calendarVersionId: string,
];

export const CLOCKS_COLUMN =
  sql`(select json_agg(json_build_array(k.metric, k.phase, k.target_minutes, k.elapsed_ms,
    k.counted_at, k.due_at, k.breached_at, k.ended_at,
    k.calendar_version_id))
  from sla_clocks k where k.tenant_id = t.tenant_id and k.ticket_id = t.id) as clocks`;

export interface ClocksColumn {
  clocks: StoredClock[] | null;
}

/** Loads the calendars of running clocks into this process's cache. */
export async function loadCalendars(cx: Cx, rows: readonly ClocksColumn[]): Promise<void> {
  const missing = new Set<string>();
  for (const { clocks } of rows) {
    for (const [, phase, , , , , , , calendar] of clocks ?? []) {
      if (phase === "running" && !cachedCalendar(calendar)) missing.add(calendar);
    }
  }
  if (missing.size > 0) await loadVersions(cx, { calendars: missing });
}

const NO_CLOCKS: TicketItem["sla"] = Object.freeze({ firstResponse: null, resolution: null });

/** The clocks of a ticket as of `now`: running ones have counted on since they were stored. @param now RFC 3339 */
export function toSla(clocks: readonly StoredClock[] | null, now: string): TicketItem["sla"] {
  if (clocks === null) return NO_CLOCKS;
  const sla = { ...NO_CLOCKS };
  for (const clock of clocks) sla[clock[0]] = toClock(clock, now);
  return sla;
}

function toClock(clock: StoredClock, now: string): TicketClock | null {
  const [, phase, targetMinutes, stored, countedAt, dueAt, breachedAt, endedAt, calendarVersionId] = clock;
  if (targetMinutes === null) return null;
  const due = dueAt === null ? null : Date.parse(dueAt);
  const at = Date.parse(now);
  const since = phase === "running"
    ? cachedCalendar(calendarVersionId)?.between(Date.parse(countedAt), at) ?? 0
    : 0;
  const over = breachedAt !== null || phase === "running" && due !== null && due <= at;
  return {
    dueAt: due === null ? null : new Date(due).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    state: over ? "breached" : phase,
    elapsedMinutes: elapsedMinutes({ elapsed: stored + since }),
    targetMinutes,
  };
}

export function toStoredClocks(update: ClockUpdate | null): StoredClock[] | null {
  if (update === null) return null;
  const countedAt = update.entries.at(-1)!.at;
  const iso = (time: number | null) => time === null ? null : new Date(time).toISOString();
  return Object.values(update.clocks).map((clock) => [
    clock.metric,
    clock.phase,
    clock.targetMinutes,
    clock.elapsed,
    countedAt,
    iso(clock.dueAt),
    iso(clock.breachedAt),
    iso(clock.endedAt),
    clock.calendarVersionId,
  ]);
}
