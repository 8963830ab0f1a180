import { Calendar, type CalendarDefinition, type Span, WEEKDAYS } from "@/domain/sla/clock/calendar.ts";
import { type Clocks, elapsedMinutes } from "@/domain/sla/clock/clocks.ts";
import { evaluate } from "@/domain/sla/clock/evaluate.ts";
import {
  type LedgerEntry,
  type LedgerKind,
  type Metric,
  METRICS,
  type PolicyTargets,
  type SlaVersions,
} from "@/domain/sla/clock/ledger.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { openMinutes, slowClock, type Wall, wallOf } from "@/tests/helpers/sla_brute.ts";

const CASES = 10_000;
const MINUTE = 60_000;

/** Zones with the weeks that are hard in them. */
const WEEKS: [string, string, string][] = [
  ["Europe/Berlin", "2026-03-20", "spring forward"],
  ["Europe/Berlin", "2026-10-16", "fall back"],
  ["America/New_York", "2026-03-01", "spring forward"],
  ["America/New_York", "2026-10-24", "fall back"],
  ["Australia/Lord_Howe", "2026-03-28", "half an hour back"],
  ["Australia/Lord_Howe", "2026-09-26", "half an hour forward"],
  ["America/Sao_Paulo", "2018-02-10", "back at midnight"],
  ["America/Sao_Paulo", "2018-10-27", "forward at midnight"],
  ["America/St_Johns", "2010-10-30", "back over midnight, at 00:01"],
  ["Africa/Casablanca", "2026-02-10", "twice around Ramadan"],
  ["Pacific/Apia", "2011-12-22", "a date that never was"],
  ["Asia/Kolkata", "2026-05-01", "no change, half-hour offset"],
  ["UTC", "2028-02-20", "leap day"],
];
/** A ledger begins in the first four, and its clocks are read ten and a half days later at the latest. */
const DAYS = 15;

/** Numbers that follow from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6D2B79F5) >>> 0;
    let x = Math.imul(state ^ state >>> 15, state | 1);
    x = x + Math.imul(x ^ x >>> 7, x | 61) ^ x;
    return ((x ^ x >>> 14) >>> 0) / 2 ** 32;
  };
}

class Dice {
  constructor(readonly random: () => number) {}
  below(n: number): number {
    return Math.floor(this.random() * n);
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
  chance(share: number): boolean {
    return this.random() < share;
  }
}

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** Up to three spans a day, one of them over midnight now and then. */
function someSpans(dice: Dice): Span[] {
  return Array.from({ length: dice.of([0, 1, 1, 1, 2, 3]) }, () => {
    const grid = dice.of([1, 15, 30, 60]);
    const from = dice.below(1440 / grid) * grid;
    if (dice.chance(0.1)) return { from: clock(0), to: dice.of(["24:00", "23:59"]) };
    if (dice.chance(0.3)) return { from: clock(from), to: clock(dice.below(from + 1)) };
    return { from: clock(from), to: clock(from + 1 + dice.below(1440 - from)) };
  });
}

function someCalendar(dice: Dice, wall: Wall): CalendarDefinition {
  const same = dice.chance(0.3) ? someSpans(dice) : null;
  return {
    timeZone: wall.timeZone,
    week: Object.fromEntries(
      WEEKDAYS.map((day) => [day, same ?? someSpans(dice)]),
    ) as CalendarDefinition["week"],
    holidays: Array.from({ length: dice.of([0, 0, 1, 3]) }, () => ({
      date: new Date(wall.from + dice.below(DAYS) * 86_400_000).toISOString().slice(0, 10),
      name: "Holiday",
      ...dice.of([{}, { from: "12:00", to: "24:00" }, { from: "09:30", to: "13:15" }, {
        from: "00:00",
        to: "23:59",
      }]),
    })),
  };
}

function someTargets(dice: Dice): PolicyTargets {
  const each = () =>
    Object.fromEntries(PRIORITIES.map((priority) => [
      priority,
      dice.chance(0.1) ? null : 1 + dice.below(dice.of([60, 600, 6000])),
    ])) as PolicyTargets[Metric];
  return { firstResponse: each(), resolution: each() };
}

const EVENTS: [LedgerKind, Metric | null][] = [
  ["pause", "resolution"],
  ["pause", "resolution"],
  ["resume", "resolution"],
  ["resume", "resolution"],
  ["met", "firstResponse"],
  ["met", "resolution"],
  ["stop", null],
  ["stop", "firstResponse"],
  ["reopen", "resolution"],
  ["reopen", "resolution"],
  ["priority", null],
  ["priority", null],
  ["policy", null],
  ["calendar", null],
  ["handoff", null],
  ["handoff", null],
];

function someLedger(dice: Dice, wall: Wall): { rows: LedgerEntry[]; now: number } {
  const span = dice.of([60, 600, 3000, 12_000]) * MINUTE;
  const grain = dice.of([MINUTE, MINUTE, 1]);
  const begin = wall.from + Math.floor(dice.random() * (DAYS - 11) * 1440) * MINUTE;
  const times = Array.from(
    { length: 1 + dice.below(13) },
    () => begin + Math.floor(dice.random() * span / grain) * grain,
  ).sort((a, b) => a - b);
  const row: LedgerEntry = {
    id: "",
    at: "",
    kind: "start",
    metric: null,
    actorId: null,
    rule: "",
    priority: dice.of(PRIORITIES),
    queueId: dice.of([null, "a", "b"]),
    policyVersionId: dice.of(["p", "q"]),
    calendarVersionId: dice.of(["c", "d"]),
  };
  const rows = times.map((time, i) => {
    const [kind, metric] = i === 0 ? ["start", null] as const : dice.of(EVENTS);
    if (kind === "priority") row.priority = dice.of(PRIORITIES);
    if (kind === "policy") row.policyVersionId = dice.of(["p", "q"]);
    if (kind === "calendar") row.calendarVersionId = dice.of(["c", "d"]);
    if (kind === "handoff") row.queueId = dice.of([null, "a", "b"]);
    return { ...row, kind, metric, id: String(i), at: new Date(time).toISOString() };
  });
  return { rows, now: times.at(-1)! + Math.floor(dice.random() * span / grain / 4) * grain };
}

/** The ledger with its breaches marked, as the evaluator marks them. */
function withBreaches(rows: LedgerEntry[], clocks: Clocks): LedgerEntry[] {
  const marked = [...rows];
  for (const metric of METRICS) {
    const at = clocks[metric]?.breachedAt ?? null;
    if (at === null) continue;
    const settings = rows.findLast((row) => Date.parse(row.at) <= at)!;
    marked.push({ ...settings, kind: "breach", metric, at: new Date(at).toISOString() });
  }
  return marked.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

Deno.test(`clocks equal a count minute by minute in ${CASES} random cases`, () => {
  const seed = Number(Deno.env.get("SLA_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  const walls = WEEKS.map(([zone, date]) => wallOf(zone, date, DAYS));
  const seen = { breached: 0, paused: 0, reopened: 0, dues: 0 };
  for (let i = 0; i < CASES; i++) {
    const dice = new Dice(randomFrom(seed + i));
    const wall = dice.of(walls);
    const definitions = { c: someCalendar(dice, wall), d: someCalendar(dice, wall) };
    const open = { c: openMinutes(wall, definitions.c), d: openMinutes(wall, definitions.d) };
    const targets = { p: someTargets(dice), q: someTargets(dice) };
    const { rows, now } = someLedger(dice, wall);
    const calendars: Record<string, Calendar> = {
      c: new Calendar(definitions.c),
      d: new Calendar(definitions.d),
    };
    const versions: SlaVersions = {
      targets: (id) => targets[id as "p"],
      calendar: (id) => calendars[id]!,
    };
    const { clocks, entries: steps } = evaluate(rows, versions, now);
    // Breaches that were written down change nothing.
    assertEquals(evaluate(withBreaches(rows, clocks), versions, now).clocks, clocks);
    for (const metric of METRICS) {
      const slow = slowClock(metric, rows, { wall, open, targets, now })!;
      const quick = clocks[metric]!;
      const due = quick.dueAt !== null && quick.dueAt > wall.to ? "later" : quick.dueAt;
      // A calendar that never opens is never due; the slow count only knows that it isn't in these weeks.
      const never = slow.dueAt === "later" && due === null;
      const name = `case ${i} of seed ${seed} (the first with SLA_SEED=${
        seed + i
      }): ${wall.timeZone}, ${metric}`;
      assertEquals(
        {
          name,
          state: quick.phase,
          elapsedMinutes: elapsedMinutes(quick),
          dueAt: never ? "later" : due,
          breachedAt: quick.breachedAt,
          byQueue: Object.fromEntries(
            [...quick.minutesByQueue].map(([id, minutes]) => [String(id), minutes]),
          ),
        },
        { name, ...slow } as unknown,
      );
      const lines = steps.reduce((sum, { readings: counted }) => sum + (counted[metric]?.minutes ?? 0), 0);
      // The lines of an explanation add up.
      assertEquals({ name, lines }, { name, lines: slow.elapsedMinutes });
      if (slow.breachedAt !== null) seen.breached++;
      if (typeof slow.dueAt === "number") seen.dues++;
    }
    if (rows.some(({ kind }) => kind === "pause")) seen.paused++;
    if (rows.some(({ kind }) => kind === "reopen")) seen.reopened++;
  }
  // The dice have thrown what the test is about.
  for (const [what, times] of Object.entries(seen)) {
    assert(times > CASES / 10, `${what}: ${times} (seed ${seed})`);
  }
});
