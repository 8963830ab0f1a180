import { CreateCalendar } from "@/domain/sla/calendars/fields.ts";
import { Calendar, type CalendarDefinition, WEEKDAYS } from "@/domain/sla/clock/calendar.ts";
import { evaluate } from "@/domain/sla/clock/evaluate.ts";
import type { LedgerEntry, LedgerKind, PolicyTargets, Targets } from "@/domain/sla/clock/ledger.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";

const days = (spans: { from: string; to: string }[], open = WEEKDAYS.slice(0, 5)) =>
  Object.fromEntries(
    WEEKDAYS.map((day) => [day, open.includes(day) ? spans : []]),
  ) as CalendarDefinition["week"];

const office = (timeZone: string, from = "09:00", to = "17:00"): CalendarDefinition => ({
  timeZone,
  week: days([{ from, to }]),
  holidays: [],
});

/** Due times by the pure functions, of one policy whose targets are in minutes by priority. */
function clocksOf(
  { calendar, targets, tighter = targets, events, now }: {
    calendar: CalendarDefinition;
    targets: Partial<Targets>;
    /** Of a second policy. */
    tighter?: Partial<Targets>;
    events: [kind: LedgerKind, at: string, change?: Partial<LedgerEntry>][];
    now: string;
  },
) {
  const none: Targets = { low: null, medium: null, high: null, urgent: null };
  const rows = events.map(([kind, at, change], i): LedgerEntry => ({
    id: String(i),
    at,
    kind,
    metric: kind === "start" || kind === "priority" || kind === "policy" ? null : "resolution",
    actorId: null,
    rule: "",
    priority: "medium",
    queueId: null,
    policyVersionId: "p",
    calendarVersionId: "c",
    ...change,
  }));
  const hours = new Calendar(calendar);
  const policy = (id: string): PolicyTargets => {
    const of = { ...none, ...(id === "q" ? tighter : targets) };
    return { firstResponse: of, resolution: of };
  };
  const { clocks } = evaluate(rows, { calendar: () => hours, targets: policy }, Date.parse(now));
  const iso = (time: number | null | undefined) => time == null ? null : new Date(time).toISOString();
  const { resolution } = clocks;
  return {
    due: iso(resolution?.dueAt),
    warn: iso(resolution?.expectedAt[75]),
    breached: iso(resolution?.breachedAt),
    elapsed: Math.floor(resolution!.elapsed / 60_000),
    clocks,
  };
}

Deno.test("case 28 due times to the minute: pending over a weekend in which winter time begins", () => {
  const { due } = clocksOf({
    calendar: office("Europe/Berlin"),
    targets: { medium: 480 },
    events: [
      ["start", "2026-10-23T14:00:00Z"],
      ["pause", "2026-10-23T14:30:00Z"],
      ["resume", "2026-10-26T09:00:00Z"],
    ],
    now: "2026-10-26T10:00:00Z",
  });
  assertEquals(due, "2026-10-27T08:30:00.000Z");
});

Deno.test("case 28 the warning is counted in business time too", () => {
  const { due, warn } = clocksOf({
    calendar: office("UTC", "08:00", "18:00"),
    targets: { medium: 240 },
    events: [["start", "2026-11-30T17:00:00Z"]],
    now: "2026-11-30T17:00:00Z",
  });
  assertEquals([due, warn], ["2026-12-01T11:00:00.000Z", "2026-12-01T10:00:00.000Z"]);
});

Deno.test("case 28 what is raised on Saturday and answered on Monday", () => {
  const { elapsed, breached } = clocksOf({
    calendar: office("UTC"),
    targets: { medium: 60 },
    events: [["start", "2026-11-28T11:00:00Z"], ["met", "2026-11-30T09:20:00Z"]],
    now: "2026-12-01T00:00:00Z",
  });
  assertEquals([elapsed, breached], [20, null]);
});

Deno.test("case 28 23:59 is the end of the day, in calendars made before and from now on", () => {
  const always = (to: string): CalendarDefinition => ({
    timeZone: "Europe/Berlin",
    week: days([{ from: "00:00", to }], [...WEEKDAYS]),
    holidays: [],
  });
  const start = Date.parse("2026-11-30T12:00:00Z");
  for (const to of ["23:59", "24:00"]) {
    assertEquals(new Calendar(always(to)).after(start, 48 * 3_600_000), start + 48 * 3_600_000);
  }
  const week = { monday: [{ from: "22:00", to: "23:59" }, { from: "09:00", to: "12:00" }] };
  const made = CreateCalendar.parse({ name: "Late", timeZone: "UTC", week });
  assertEquals(made.week.monday, [{ from: "22:00", to: "24:00" }, { from: "09:00", to: "12:00" }]);
});

Deno.test("case 28 a holiday of some hours closes those alone", () => {
  const calendar = new Calendar({
    ...office("Europe/Berlin"),
    holidays: [
      { date: "2026-12-24", name: "Christmas Eve", from: "12:00", to: "24:00" },
      { date: "2026-12-25", name: "Christmas Day" },
      { date: "2026-12-28", name: "Works meeting", from: "10:00", to: "11:30" },
    ],
  });
  const at = (text: string) => Date.parse(text);
  const hours = (n: number) => n * 3_600_000;
  // Thursday from nine: three hours, Friday none, Monday one before the meeting, and half an hour after it.
  assertEquals(calendar.after(at("2026-12-24T08:00:00Z"), hours(3)), at("2026-12-24T11:00:00Z"));
  assertEquals(calendar.after(at("2026-12-24T08:00:00Z"), hours(4)), at("2026-12-28T09:00:00Z"));
  assertEquals(calendar.after(at("2026-12-24T08:00:00Z"), hours(4.5)), at("2026-12-28T11:00:00Z"));
  assertEquals(calendar.between(at("2026-12-24T00:00:00Z"), at("2026-12-28T23:00:00Z")), hours(3 + 6.5));
  assertEquals(calendar.between(at("2026-12-24T11:30:00Z"), at("2026-12-25T23:00:00Z")), 0);
});

Deno.test("case 28 what no calendar has is refused, wherever it stands, with its path", () => {
  const whole = {
    name: "Half",
    timeZone: "UTC",
    week: { monday: [{ from: "09:00", to: "17:00" }] },
    holidays: [{ date: "2026-12-24", name: "Eve", from: "12:00", to: "24:00" }],
  };
  const strict = CreateCalendar.strict();
  const problem = (value: unknown) => strict.safeParse(value).error?.issues[0];
  assertEquals(problem(whole), undefined);
  const holiday = (fields: Record<string, unknown>) => ({
    ...whole,
    holidays: [{ date: "2026-12-24", ...fields }],
  });
  for (
    const [wrong, path] of [
      [{ ...whole, holiday: [] }, ""],
      [{ ...whole, week: { ...whole.week, montag: [] } }, "week"],
      [{ ...whole, week: { monday: [{ from: "09:00", to: "17:00", name: "x" }] } }, "week.monday.0"],
      [holiday({ form: "12:00" }), "holidays.0"],
      [holiday({ from: "12:00" }), "holidays.0.to"],
      [holiday({ to: "12:00" }), "holidays.0.from"],
      [holiday({ from: "12:00", to: "12:00" }), "holidays.0.to"],
      [holiday({ from: "18:00", to: "06:00" }), "holidays.0.to"],
      [{ ...whole, week: {} }, "week"],
    ] as const
  ) {
    assertEquals(problem(wrong)?.path.join("."), path);
  }
});

Deno.test("A4 a higher priority or a tighter policy keeps how late a ticket is", () => {
  const calendar = office("UTC");
  // Medium is 8 hours, so Tuesday 09:00 … of Monday 09:00 the breach is at 17:00.
  const start: [LedgerKind, string] = ["start", "2026-11-02T09:00:00Z"];
  const targets = { medium: 480, high: 240, low: 2400 };
  const late = "2026-11-27T12:00:00Z";
  const before = clocksOf({ calendar, targets, events: [start], now: late });
  assertEquals([before.due, before.breached], ["2026-11-02T17:00:00.000Z", "2026-11-02T17:00:00.000Z"]);

  const raised = clocksOf({
    calendar,
    targets,
    events: [start, ["priority", late, { priority: "high" }]],
    now: late,
  });
  assertEquals([raised.due, raised.breached], ["2026-11-02T13:00:00.000Z", "2026-11-02T17:00:00.000Z"]);

  const tightened = clocksOf({
    calendar,
    targets: { medium: 480 },
    tighter: { medium: 420 },
    events: [start, ["policy", late, { policyVersionId: "q" }]],
    now: late,
  });
  assertEquals([tightened.due, tightened.breached], ["2026-11-02T16:00:00.000Z", "2026-11-02T17:00:00.000Z"]);

  // Not late yet: due when the new target's time was over, and breached as it was raised.
  const soon = "2026-11-02T14:00:00Z";
  const passed = clocksOf({
    calendar,
    targets,
    events: [start, ["priority", soon, { priority: "high" }]],
    now: late,
  });
  assertEquals([passed.due, passed.breached], ["2026-11-02T13:00:00.000Z", "2026-11-02T14:00:00.000Z"]);

  // Raised in time it is due earlier, in the future.
  const early = "2026-11-02T10:00:00Z";
  const intime = clocksOf({
    calendar,
    targets,
    events: [start, ["priority", early, { priority: "high" }]],
    now: early,
  });
  assertEquals([intime.due, intime.breached], ["2026-11-02T13:00:00.000Z", null]);

  // Loosened, the breach stays marked, and the new target holds.
  const loosened = clocksOf({
    calendar,
    targets,
    events: [start, ["priority", soon, { priority: "low" }]],
    now: soon,
  });
  assert(loosened.due! > "2026-11-06");

  // Raised, lowered and raised again, it is never later than its first breach.
  const moved = clocksOf({
    calendar,
    targets,
    events: [
      start,
      ["priority", "2026-11-20T12:00:00Z", { priority: "high" }],
      ["priority", late, { priority: "medium" }],
    ],
    now: late,
  });
  assertEquals(moved.due, "2026-11-02T13:00:00.000Z");
});
