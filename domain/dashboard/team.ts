import type { UserCx } from "@/domain/cx.ts";
import { sla } from "@/domain/reports/definitions/sla.ts";
import { catchUp } from "@/domain/reports/facts/catch_up.ts";
import { figuresOf } from "@/domain/reports/figures.ts";
import type { Interval } from "@/domain/reports/model/names.ts";
import { ReportFilter } from "@/domain/reports/model/parameters.ts";
import { choosePeriod, intervalsOf, type Period } from "@/domain/reports/model/period.ts";
import type { Values } from "@/domain/reports/model/types.ts";
import { scopeOf } from "@/domain/reports/scope.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import { parse } from "@/domain/validation.ts";
import { AGES, countAges, readBacklog } from "./backlog.ts";
import { figureOf, reported } from "./lists.ts";
import { readLoad } from "./load.ts";
import type { Attainment, Figure, Team } from "./model.ts";

/** Changed tickets whose facts are made first; what is beyond waits for the job. */
const CAUGHT_UP = 200;

type Prefix = "reply" | "resolve";

/** Of the whole organisation. */
export async function readTeam(cx: UserCx): Promise<Team> {
  await catchUp(cx, CAUGHT_UP, { wait: false });
  const { timeZone } = cx.tenant;
  const today = choosePeriod({ period: "today" }, timeZone, cx.now);
  const { from } = choosePeriod({ period: "last-week" }, timeZone, cx.now);
  const days = intervalsOf(choosePeriod({ period: "last-30-days" }, timeZone, cx.now), "day", timeZone);
  const [weeks, day, breached, open, ages, load] = await Promise.all([
    readSla(cx, choosePeriod({ from }, timeZone, cx.now), "week", ["Met", "Breached", "Attainment"]),
    readSla(cx, today, "day", ["Breached"]),
    figureOf(cx, { status: ACTIVE, sla: "breached" }),
    readBacklog(cx, days),
    countAges(cx),
    readLoad(cx),
  ]);
  const attainment = (prefix: Prefix): [Attainment, Attainment] => [
    attainmentOf(weeks[0]!, prefix),
    attainmentOf(weeks[1]!, prefix),
  ];
  const now = open.at(-1)!;
  return {
    firstResponse: attainment("reply"),
    resolution: attainment("resolve"),
    breachedToday: {
      firstResponse: day[0]!.figure("replyBreached"),
      resolution: day[0]!.figure("resolveBreached"),
    },
    breached,
    backlog: {
      ...reported(cx, now, { report: "backlog", measure: "open", period: today }),
      days: days.map(({ from }, i) => ({ day: from, open: open[i]! })),
    },
    ageing: AGES.map(({ name, label }, i) => ({
      name,
      label,
      ...reported(cx, ages[i]!, { report: "backlog", measure: name, period: today }),
    })),
    ...load,
  };
}

/** An interval of the SLA report. */
interface SlaInterval {
  /** Its first day. */
  key: string;
  values: Values;
  figure(measure: string): Figure;
}

/** Those measures of the SLA report alone, since each costs. @param suffixes of the measures of both metrics */
async function readSla(
  cx: UserCx,
  period: Period,
  interval: Interval,
  suffixes: readonly string[],
): Promise<SlaInterval[]> {
  const { timeZone } = cx.tenant;
  const names = suffixes.flatMap((suffix) => ["reply", "resolve"].map((prefix) => prefix + suffix));
  const scope = scopeOf(cx, {
    period,
    interval,
    timeZone,
    filter: parse(ReportFilter, {}),
    categoryIds: [],
  })!;
  const report = { ...sla, measures: sla.measures.filter(({ name }) => names.includes(name)) };
  const { byKey } = await figuresOf(cx, report, "time", scope);
  return scope.intervals.map(({ from: key }, i) => {
    const values = byKey.get(String(i + 1))!;
    return {
      key,
      values,
      figure: (measure) =>
        reported(cx, values[measure] ?? 0, { report: "sla", measure, period, interval, key }),
    };
  });
}

function attainmentOf({ key, values, figure }: SlaInterval, prefix: Prefix): Attainment {
  return {
    week: key,
    attainment: values[`${prefix}Attainment`] ?? null,
    met: figure(`${prefix}Met`),
    breached: figure(`${prefix}Breached`),
  };
}
