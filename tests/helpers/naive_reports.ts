/** Every report counted a second time, the slow way, from what happened to each ticket. */
import type { DimensionName, Interval, ReportName } from "@/domain/reports/model/names.ts";
import type { ReportFilter } from "@/domain/reports/model/parameters.ts";
import type { Story } from "./naive_history.ts";
import { type Item, type Measures, measuresOf, sum } from "./naive_measures.ts";

export type Row = Record<string, number | null>;

export interface Asked {
  name: ReportName;
  by: DimensionName;
  interval: Interval;
  /** First and last day. */
  from: string;
  to: string;
  timeZone: string;
  /** Categories with all below them. */
  filter: ReportFilter;
  now: number;
}

const known = new WeakMap<Story[], Map<ReportName, Measures>>();

function knownMeasures(name: ReportName, stories: Story[]): Measures {
  const reports = known.getOrInsertComputed(stories, () => new Map<ReportName, Measures>());
  return reports.getOrInsertComputed(name, () => measuresOf(name, stories));
}

/** Values by key, `total` the first. */
export function naiveReport(stories: Story[], asked: Asked): Map<string, Row> {
  const measures = Object.entries(knownMeasures(asked.name, stories)).map(([name, measure]) =>
    [
      name,
      "part" in measure
        ? measure
        : { ...measure, items: measure.items.filter((item) => fits(item, asked.filter)) },
    ] as const
  );
  const [first, until] = [startOf(asked.from, asked.timeZone), startOf(nextDay(asked.to), asked.timeZone)];
  const whole = { start: first, end: Math.min(until, asked.now) };
  const begun = whole.start < asked.now;
  const report = new Map([["total", rowOf(begun ? measures : narrowed(measures), whole)]]);
  if (!begun) return report;
  if (asked.by === "time") {
    for (const { day, start, end } of intervalsOf(asked)) {
      if (start < asked.now) report.set(day, rowOf(measures, { start, end: Math.min(end, asked.now) }));
    }
    return report;
  }
  const items = measures.flatMap(([, measure]) => "part" in measure ? [] : measure.items);
  for (const key of new Set(items.map((item) => keyOf(item, asked.by)))) {
    report.set(key, rowOf(narrowed(measures, (item) => keyOf(item, asked.by) === key), whole));
  }
  return report;
}

type Named = readonly (readonly [name: string, Measures[string]])[];

/** Measures of those items alone. */
function narrowed(measures: Named, which: (item: Item) => boolean = () => false): Named {
  return measures.map(([name, measure]) =>
    [name, "part" in measure ? measure : { ...measure, items: measure.items.filter(which) }] as const
  );
}

function rowOf(measures: Named, { start, end }: { start: number; end: number }): Row {
  const row: Row = {};
  for (const [name, measure] of measures) {
    if ("part" in measure) {
      const whole = sum(measure.whole.map((one) => row[one]!));
      row[name] = whole === 0 ? null : row[measure.part]! / whole * 100;
      continue;
    }
    row[name] = measure.of(measure.items.filter((item) => {
      const counts = item.at === undefined
        ? item.from! < end && item.to! >= end
        : item.at >= start && item.at < end;
      return counts && (measure.at === undefined || measure.at(item, end));
    }));
  }
  return row;
}

function keyOf({ story, queue, agent }: Item, by: DimensionName): string {
  if (by === "queue") return queue ?? story.queue;
  if (by === "agent") return agent ?? story.agent;
  if (by === "queues") return String(story.passed);
  return by === "time" ? "" : story[by];
}

function fits(item: Item, filter: ReportFilter): boolean {
  const allows = (wanted: readonly string[], by: DimensionName) =>
    wanted.length === 0 || wanted.includes(keyOf(item, by));
  return allows(filter.queueId, "queue") && allows(filter.assigneeId, "agent") &&
    allows(filter.categoryId, "category") && allows(filter.priority, "priority") &&
    allows(filter.type, "type") && allows(filter.source, "source") &&
    (filter.tag.length === 0 || filter.tag.some((tag) => item.story.tags.includes(tag)));
}

const nextDay = (day: string) => Temporal.PlainDate.from(day).add({ days: 1 }).toString();

function startOf(day: string, timeZone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
}

interface Stretch {
  day: string;
  start: number;
  end: number;
}

/** Walks day by day: a week begins on Monday, a month on the first. */
function intervalsOf({ from, to, interval, timeZone }: Asked): Stretch[] {
  const parts: Stretch[] = [];
  for (let day = from; day <= to; day = nextDay(day)) {
    const date = Temporal.PlainDate.from(day);
    const begins = interval === "day" || (interval === "week" ? date.dayOfWeek === 1 : date.day === 1);
    const end = startOf(nextDay(day), timeZone);
    if (parts.length === 0 || begins) parts.push({ day, start: startOf(day, timeZone), end });
    else parts.at(-1)!.end = end;
  }
  return parts;
}
