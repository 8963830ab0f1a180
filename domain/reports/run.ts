import type { UserCx } from "@/domain/cx.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { NONE } from "@/domain/tickets/access/visibility.ts";
import { readComments } from "./comments.ts";
import { emptyValue, type Figures, figuresOf } from "./figures.ts";
import { labelsOf } from "./labels.ts";
import { infoOf } from "./list.ts";
import { isPartial, type Period } from "./model/period.ts";
import type { ReportQuery } from "./model/parameters.ts";
import type { ReportResult, ReportRow, Values } from "./model/types.ts";
import { DIMENSION_LABELS, INTERVAL_LABELS } from "./model/wording.ts";
import { isLasting } from "./statement.ts";
import { checkRequest, fixedQuery, type ReportRequest } from "./request.ts";

/**
 * A report of the tickets that the actor may see.
 * @throws DomainError not_found for whoever isn't staff; invalid, with the allowed values, for what can't be asked
 */
export async function runReport(cx: UserCx, name: string, query: ReportQuery): Promise<ReportResult> {
  const request = await checkRequest(cx, name, query);
  const { report, by, applied, scope } = request;
  const [figures, previous] = await Promise.all([
    figuresOf(cx, report, by, scope),
    request.previous ? figuresOf(cx, report, by, request.previous) : null,
  ]);
  const [rows, comments] = await Promise.all([
    by === "time" ? timeRows(cx, request, figures, previous) : keyRows(cx, request, figures, previous),
    report.comments && scope ? readComments(cx, scope) : undefined,
  ]);
  return {
    name: report.name,
    title: report.title,
    question: report.question,
    by: { name: by, label: by === "time" ? INTERVAL_LABELS[applied.interval] : DIMENSION_LABELS[by] },
    sort: `${request.sort.descending ? "-" : ""}${request.sort.by}`,
    measures: report.measures.map(infoOf),
    headline: report.headline,
    chart: by === "time" ? { kind: report.chart.kind, measures: [...report.chart.measures] } : {
      kind: report.chart.kind === "stacked" ? "stacked" : "bars",
      measures: [...report.chart.bars ?? report.chart.measures],
    },
    filters: applied,
    rows: sorted(rows, request),
    total: {
      key: "total",
      label: report.measures.every((measure) => measure.kind !== "share" && isLasting(measure.of))
        ? "At the end"
        : "Total",
      values: figures.total,
      ...(previous ? { previous: previous.total } : {}),
      links: linksOf(request)(figures.total, null),
    },
    madeAt: cx.now,
    madeBy: cx.actor.name,
    organisation: cx.tenant.name,
    complete: request.complete,
    partial: Date.parse(applied.period.until) > Date.parse(cx.now),
    ...(comments ?? {}),
  };
}

function timeRows(
  cx: UserCx,
  request: ReportRequest,
  figures: Figures,
  previous: Figures | null,
): ReportRow[] {
  const { scope, applied } = request;
  const label = intervalLabels(cx.actor.locale, request);
  const links = linksOf(request);
  return (scope?.intervals ?? []).map((period, i) => {
    const values = figures.byKey.get(String(i))!;
    const before = previous?.byKey.get(String(i));
    return {
      key: period.from,
      label: label(period),
      period,
      partial: isPartial(period, applied.interval, cx.now),
      values,
      ...(before ? { previous: before } : {}),
      links: links(values, period.from),
    };
  });
}

/** `Mon, 2 Nov`, `2 – 8 Nov`, `November 2026`; a year where the period has several. */
export function intervalLabels(
  locale: string,
  { applied: { period, interval } }: Pick<ReportRequest, "applied">,
): (interval: Period) => string {
  const at = (day: string) => new Date(`${day}T12:00:00Z`);
  const year = period.from.slice(0, 4) === period.to.slice(0, 4) ? {} : { year: "numeric" } as const;
  const day = { day: "numeric", month: "short", ...year } as const;
  const options = interval === "month"
    ? { month: "long", year: "numeric" } as const
    : interval === "day"
    ? { weekday: "short", ...day } as const
    : day;
  const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  return ({ from, to }) =>
    interval === "week" ? format.formatRange(at(from), at(to)) : format.format(at(from));
}

async function keyRows(
  cx: UserCx,
  request: ReportRequest,
  figures: Figures,
  previous: Figures | null,
): Promise<ReportRow[]> {
  const by = request.by as Exclude<ReportRequest["by"], "time">;
  const keys = new Set([...figures.byKey.keys(), ...previous?.byKey.keys() ?? []]);
  const labels = await labelsOf(cx, by, [...keys]);
  const nothing = Object.fromEntries(
    request.report.measures.map((measure) => [measure.name, emptyValue(measure)]),
  );
  const links = linksOf(request);
  return [...keys].map((key) => {
    const values = figures.byKey.get(key) ?? nothing;
    const shown = key === NONE ? "none" : key;
    return {
      key: shown,
      label: labels.get(key) ?? "Deleted",
      values,
      ...(previous ? { previous: previous.byKey.get(key) ?? nothing } : {}),
      links: links(values, shown),
    };
  });
}

/** To the tickets behind each number of a row that has any. */
function linksOf(
  { report, by, applied }: ReportRequest,
): (values: Values, key: string | null) => Record<string, string> {
  const address = `/reports/${report.name}/tickets?${fixedQuery(applied, by)}`;
  return (values, key) => {
    const ofRow = key === null ? "" : `&key=${encodeURIComponent(key)}`;
    return Object.fromEntries(report.measures.flatMap((measure) => {
      const counted = measure.kind === "share" ? measure.part : measure.name;
      const value = values[counted] ?? null;
      const hasTickets = measure.kind === "value"
        ? value !== null && !(measure.unit === "replies" && value === 0)
        : Boolean(value);
      return hasTickets ? [[measure.name, `${address}&measure=${counted}${ofRow}`]] : [];
    }));
  };
}

/** Rows without a value come last; ties go by the rows' own order. */
function sorted(rows: ReportRow[], { by, sort: { by: name, descending } }: ReportRequest): ReportRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    if (name === "key") return sign * compareKeys(a, b, by);
    const [x, y] = [a.values[name] ?? null, b.values[name] ?? null];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || compareKeys(a, b, by);
    return sign * (x - y) || compareKeys(a, b, by);
  });
}

function compareKeys(a: ReportRow, b: ReportRow, by: ReportRequest["by"]): number {
  if (by === "time") return a.key < b.key ? -1 : 1;
  if (by === "queues") return Number(a.key) - Number(b.key);
  const order: readonly string[] = PRIORITIES;
  if (by === "priority") return order.indexOf(a.key) - order.indexOf(b.key);
  return a.label.localeCompare(b.label, "en") || (a.key < b.key ? -1 : 1);
}
