/** Compares every number of every report with what a second count comes to. */
import { act, type UserCx } from "@/domain/cx.ts";
import { ALL_REPORTS } from "@/domain/reports/definitions/all.ts";
import type { ReportName } from "@/domain/reports/model/names.ts";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { runReport } from "@/domain/reports/run.ts";
import { countAll } from "@/jobs/count_facts.ts";
import type { Desk } from "./desk.ts";
import { NEVER } from "./jobs.ts";
import { storiesOf, type Story } from "./naive_history.ts";
import { naiveReport, type Row } from "./naive_reports.ts";

/** Reports asked for at a time. */
const LANES = 4;
const HOUR = 3_600_000;

export type Asked = Record<string, unknown>;

export interface Place {
  desk: Desk;
  tenantId: string;
  userId: string;
  stories: Story[];
  categories: string[];
  /** A category with all below it. */
  below(categoryId: string): string[];
  /** Measures that came to something, as `volume created`. */
  seen: Set<string>;
}

/** An organisation with its facts up to date, and what its raw rows tell. */
export async function placeOf(desk: Desk, tenantId: string): Promise<Place> {
  await countAll(desk.request(), NEVER);
  const [admin] = await desk.look<{ id: string }>(
    "select id from users where tenant_id = $1 and role = 'ADMIN' and deactivated_at is null",
    [tenantId],
  );
  const categories = await desk.look<{ id: string; parent: string | null }>(
    "select id, parent_id as parent from categories where tenant_id = $1",
    [tenantId],
  );
  const below = (id: string): string[] => [
    id,
    ...categories.filter(({ parent }) => parent === id).flatMap((child) => below(child.id)),
  ];
  return {
    desk,
    tenantId,
    userId: admin!.id,
    // A clock may be breached while reports are read.
    stories: await storiesOf(desk, tenantId, Date.now() + HOUR),
    categories: categories.map(({ id }) => id),
    below,
    seen: new Set(),
  };
}

/** What differs in one report, as lines. */
async function differencesIn(place: Place, name: ReportName, input: Asked): Promise<string[]> {
  const query = ReportQuery.parse(input);
  const result = await act(
    place.desk.request(),
    { kind: "person", tenantId: place.tenantId, userId: place.userId },
    (cx) => runReport(cx as UserCx, name, query),
  );
  const { period, timeZone, interval, comparison } = result.filters;
  const categoryId = query.categoryId.flatMap((id) => id === "none" ? id : place.below(id));
  const madeAt = Date.parse(result.madeAt);
  const count = ({ from, to }: { from: string; to: string }, now = madeAt) =>
    naiveReport(place.stories, {
      name,
      by: result.by.name,
      interval,
      from,
      to,
      timeZone,
      filter: { ...query, categoryId },
      now,
    });
  const counted = count(period);
  for (const [measure, value] of Object.entries(counted.get("total")!)) {
    if (value) place.seen.add(`${name} ${measure}`);
  }
  const lines = compared(result, counted, "values");
  if (comparison) {
    const { days } = Temporal.PlainDate.from(period.from).until(Temporal.PlainDate.from(period.to));
    const back = comparison.kind === "year" ? { years: 1 } : { days: days + 1 };
    // What is under way is compared as far as it has come.
    const now = Date.parse(period.until) > madeAt
      ? Temporal.Instant.fromEpochMilliseconds(madeAt).toZonedDateTimeISO(timeZone).subtract(back)
        .epochMilliseconds
      : madeAt;
    const earlier = (day: string) => Temporal.PlainDate.from(day).subtract(back);
    const before = count(comparison, now);
    if (result.by.name === "time") {
      const firsts = [...counted.keys()].filter((key) => key !== "total");
      const total = before.get("total")!;
      before.clear();
      before.set("total", total);
      for (const [i, first] of firsts.entries()) {
        const [from, next] = [earlier(first), firsts[i + 1]];
        const to = next ? earlier(next).subtract({ days: 1 }) : Temporal.PlainDate.from(comparison.to);
        if (Temporal.PlainDate.compare(from, to) > 0) continue;
        before.set(first, count({ from: from.toString(), to: to.toString() }, now).get("total")!);
      }
    }
    lines.push(...compared(result, before, "previous"));
  }
  return lines.map((line) => `${name} ${JSON.stringify(input)}: ${line}`);
}

function compared(result: ReportResult, counted: Map<string, Row>, which: "values" | "previous"): string[] {
  const made = new Map([...result.rows, result.total].map((row) => [row.key, row[which]]));
  return [...new Set([...made.keys(), ...counted.keys()])].flatMap((key) =>
    result.measures.flatMap(({ name, unit }) => {
      // A key of which there is nothing may be missing.
      const nothing = unit === "tickets" || unit === "replies" ? 0 : null;
      const [is, should] = [made.get(key)?.[name] ?? nothing, counted.get(key)?.[name] ?? nothing];
      const same = is === should || is !== null && should !== null && Math.abs(is - should) < 1e-6;
      return same ? [] : [`${which} of ${key}, ${name}: is ${is}, should be ${should}`];
    })
  );
}

/** Every report by everything that it can be by: in all periods, and with filters and more periods that take turns. */
export async function differences(place: Place, periods: Asked[], more: Asked[] = []): Promise<string[]> {
  const filters = filtersOf(place);
  const turns = [...periods, ...more];
  const asked: [ReportName, Asked][] = [];
  for (const { name, dimensions } of ALL_REPORTS) {
    for (const by of dimensions) {
      const turn = asked.length;
      const filtered = { ...turns[turn % turns.length], ...filters[turn % filters.length] };
      for (const period of [...periods, filtered]) asked.push([name, { ...period, by }]);
    }
  }
  const lines: string[] = [];
  const lane = async () => {
    for (let next = asked.shift(); next; next = asked.shift()) {
      lines.push(...await differencesIn(place, ...next));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return lines;
}

function filtersOf({ stories, categories, below }: Place): Asked[] {
  const often = (values: string[]) =>
    [...Map.groupBy(values.filter((value) => value !== "none"), (value) => value)]
      .toSorted(([, a], [, b]) => b.length - a.length)[0]![0];
  const queueId = often(stories.map(({ queue }) => queue));
  return [
    { queueId },
    { categoryId: categories.toSorted((a, b) => below(b).length - below(a).length)[0] },
    { assigneeId: [often(stories.map(({ agent }) => agent)), "none"] },
    { priority: ["high", "urgent"] },
    { tag: often(stories.flatMap(({ tags }) => tags)) },
    { queueId: [queueId, "none"], type: "incident", source: "web" },
    { categoryId: "none" },
  ];
}

/** @throws Error with the first difference of each kind */
export function assertNone(lines: string[], of: string): void {
  if (lines.length === 0) return;
  const kinds = Map.groupBy(lines, (line) => line.replace(/ .*, /, " ").replace(/:.*/, ""));
  const first = [...kinds.values()].map(([line, ...more]) => `${line} (and ${more.length} like it)`);
  throw new Error(`${lines.length} differences ${of}:\n${first.join("\n")}`);
}
