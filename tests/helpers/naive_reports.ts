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
  const measures = knownMeasures(asked.name, stories);
  const [first, end] = [startOf(asked.from, asked.timeZone), startOf(nextDay(asked.to), asked.timeZone)];
  const whole = { start: first, end: Math.min(end, asked.now) };
  const report = new Map<string, Row>();
  if (whole.start >= asked.now) return report.set("total", rowOf(measures, [], whole, asked));
  report.set("total", rowOf(measures, null, whole, asked));
  if (asked.by === "time") {
    for (const { day, ...part } of intervalsOf(asked)) {
      if (part.start < asked.now) {
        report.set(day, rowOf(measures, null, { ...part, end: Math.min(part.end, asked.now) }, asked));
      }
    }
    return report;
  }
  const keys = new Set(
    Object.values(measures).flatMap((measure) =>
      "part" in measure ? [] : measure.items.map((item) => keyOf(item, asked.by))
    ),
  );
  for (const key of keys) report.set(key, rowOf(measures, [key], whole, asked));
  return report;
}

interface Part {
  start: number;
  end: number;
}

/** @param keys null for all */
function rowOf(measures: Measures, keys: string[] | null, { start, end }: Part, asked: Asked): Row {
  const row: Row = {};
  for (const [name, measure] of Object.entries(measures)) {
    if ("part" in measure) {
      const of = sum(measure.whole.map((one) => row[one]!));
      row[name] = of === 0 ? null : row[measure.part]! / of * 100;
      continue;
    }
    const counted = measure.items.filter((item) => {
      if (
        item.at !== undefined ? item.at < start || item.at >= end : !(item.from! < end && item.to! >= end)
      ) {
        return false;
      }
      if (measure.at && !measure.at(item, end)) return false;
      return fits(item, asked.filter) && (keys === null || keys.includes(keyOf(item, asked.by)));
    });
    row[name] = measure.of(counted);
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

/** Walks day by day: a week begins on Monday, a month on the first. */
function intervalsOf({ from, to, interval, timeZone }: Asked): (Part & { day: string })[] {
  const parts: (Part & { day: string })[] = [];
  for (let day = from; day <= to; day = nextDay(day)) {
    const date = Temporal.PlainDate.from(day);
    const begins = interval === "day" || (interval === "week" ? date.dayOfWeek === 1 : date.day === 1);
    const end = startOf(nextDay(day), timeZone);
    if (parts.length === 0 || begins) parts.push({ day, start: startOf(day, timeZone), end });
    else parts.at(-1)!.end = end;
  }
  return parts;
}
