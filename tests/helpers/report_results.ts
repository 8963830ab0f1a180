/** Results of reports as `runReport` gives them, without a database. */
import { intervalsOf, type Period } from "@/domain/reports/model/period.ts";
import type { Interval, Unit } from "@/domain/reports/model/names.ts";
import type { MeasureInfo, ReportResult, ReportRow } from "@/domain/reports/model/types.ts";

const ZONE = "Europe/Vienna";

export function measureOf(name: string, label: string, unit: Unit = "tickets"): MeasureInfo {
  return { name, label, unit, help: `${label}, as it is counted in the period.`, moreIs: null };
}

export function periodOf(from: string, to: string): Period {
  const midnight = (day: Temporal.PlainDate) => day.toZonedDateTime(ZONE).toInstant().toString();
  return {
    from,
    to,
    start: midnight(Temporal.PlainDate.from(from)),
    until: midnight(Temporal.PlainDate.from(to).add({ days: 1 })),
  };
}

const VOLUME = [
  measureOf("created", "Created"),
  measureOf("resolved", "Resolved"),
  measureOf("reopened", "Reopened"),
];

/** Numbers that differ, the same each time. */
function number(i: number, place: number): number {
  return 3 + (i * 7 + place * 13) % 29 + place * 4;
}

function totalOf(measures: MeasureInfo[], rows: ReportRow[]): ReportRow {
  const sum = (values: (row: ReportRow) => ReportRow["values"] | undefined) =>
    Object.fromEntries(measures.map(({ name }) => [
      name,
      rows.reduce((whole, row) => whole + (values(row)?.[name] ?? 0), 0),
    ]));
  const compared = rows.some((row) => row.previous);
  return {
    key: "total",
    label: "Total",
    values: sum((row) => row.values),
    ...(compared ? { previous: sum((row) => row.previous) } : {}),
    links: {},
  };
}

/** Created, resolved and reopened over time. */
export function volume(
  { from = "2026-11-01", to = "2026-11-30", interval = "day", compared = true, kind = "line" }: {
    from?: string;
    to?: string;
    interval?: Interval;
    compared?: boolean;
    kind?: ReportResult["chart"]["kind"];
  } = {},
): ReportResult {
  const period = periodOf(from, to);
  const intervals = intervalsOf(period, interval, ZONE);
  const words = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
  const rows = intervals.map((one, i): ReportRow => ({
    key: one.from,
    label: words.formatRange(new Date(one.from), new Date(one.to)),
    period: one,
    partial: i === intervals.length - 1,
    values: Object.fromEntries(VOLUME.map(({ name }, place) => [name, number(i, place)])),
    ...(compared
      ? { previous: Object.fromEntries(VOLUME.map(({ name }, place) => [name, number(i + 5, place)])) }
      : {}),
    links: {},
  }));
  return {
    name: "volume",
    title: "Volume",
    question: "How much comes in, and how much gets done?",
    by: { name: "time", label: { day: "Day", week: "Week", month: "Month" }[interval] },
    sort: "key",
    measures: VOLUME,
    headline: "created",
    chart: { kind, measures: ["created", "resolved"] },
    filters: {
      period,
      preset: "custom",
      timeZone: ZONE,
      interval,
      comparison: compared ? { ...periodOf("2026-10-02", "2026-10-31"), kind: "previous" } : null,
      filter: { queueId: [], categoryId: [], priority: [], assigneeId: [], type: [], source: [], tag: [] },
      lines: [{ label: "Queue", value: "Hardware, Network" }, { label: "Priority", value: "High, Urgent" }],
    },
    rows,
    total: totalOf(VOLUME, rows),
    madeAt: "2026-11-30T16:25:46.123Z",
    madeBy: "Mona Manager",
    organisation: "Harbour Works & Sons <GmbH>",
    complete: true,
    partial: true,
  };
}

const AGENTS = [
  ...[
    measureOf("assigned", "Assigned"),
    measureOf("resolved", "Resolved"),
    measureOf("answered", "Answered"),
  ],
  ...[measureOf("replies", "Replies", "replies"), measureOf("p50", "Resolution, median", "minutes")],
  ...[measureOf("share", "Resolved within the target", "percent"), measureOf("score", "Rating", "score")],
];

/** A row for each name. */
export function agents(names: string[]): ReportResult {
  const rows = names.map((label, i): ReportRow => ({
    key: `01940000-0000-7000-8000-${String(i).padStart(12, "0")}`,
    label,
    values: {
      ...Object.fromEntries(AGENTS.map(({ name }, place) => [name, number(i, place)])),
      p50: 61.25 + i * 3.5,
      share: i % 9 === 0 ? null : 100 / (1 + i % 7),
      score: 1 + i % 5 + 1 / 3,
    },
    links: {},
  }));
  return {
    ...volume({ compared: false }),
    name: "agents",
    title: "Agents",
    question: "Who does how much, and who has too much?",
    by: { name: "agent", label: "Agent" },
    sort: "-assigned",
    measures: AGENTS,
    headline: "resolved",
    chart: { kind: "bars", measures: ["assigned", "resolved"] },
    rows,
    total: totalOf(AGENTS, rows),
  };
}

/** Nothing happened. */
export function nothing(): ReportResult {
  const result = volume({ compared: false });
  const none = Object.fromEntries(VOLUME.map(({ name }) => [name, name === "reopened" ? null : 0]));
  return {
    ...result,
    rows: result.rows.map((row) => ({ ...row, values: none })),
    total: { ...result.total, values: none },
  };
}
