import { formatChange, formatValue, progressOf } from "@/domain/reports/model/wording.ts";
import type { MeasureInfo, ReportResult } from "@/domain/reports/model/types.ts";
import type { MailedReport } from "@/domain/reports/saved/mailed_report.ts";
import { describeSchedule } from "@/domain/reports/saved/schedule.ts";
import { reportUrl, savedReportUrl } from "@/domain/shared/links.ts";
import type { Reader } from "@/domain/shared/moment.ts";
import type { Services } from "@/ports.ts";
import type { MailContent } from "@/domain/mail/render/mail_content.ts";

/** In sentences; the table has all of them. */
const MOST_SENTENCES = 4;

/** The email of a saved report: its main figures in sentences, all of them in a table with what they were before. */
export function composeReportMail(
  { services, reader }: {
    services: Services;
    reader: Pick<Reader, "locale">;
  },
  { saved, result, search, zone, subscribed }: MailedReport,
): MailContent {
  const { filters, measures, total } = result;
  const days = daysOf(filters.period, reader);
  const before = filters.comparison?.kind === "year" ? "A year before" : "Before";
  const progress = progressOf(result);
  return {
    subject: `${saved.name}: ${days}`,
    heading: saved.name,
    paragraphs: [
      mainMeasures(result).map((measure) => sentenceOf(measure, result)).join("\n"),
      ...(progress ? [progress] : []),
      ...(result.complete ? [] : ["The latest changes of tickets aren't counted yet."]),
    ],
    details: [
      { label: "Report", value: result.title },
      { label: "Period", value: `${days} (${filters.timeZone})` },
      ...(filters.comparison ? [{ label: before, value: daysOf(filters.comparison, reader) }] : []),
      ...filters.lines,
    ],
    table: {
      columns: ["This period", before, "Change"],
      rows: measures.map(({ name, label, unit }) => [
        label,
        formatValue(total.values[name], unit),
        formatValue(total.previous?.[name], unit),
        formatChange(total.values[name] ?? null, total.previous?.[name] ?? null, unit) ?? "–",
      ]),
    },
    action: { label: "Open the report", url: reportUrl(services, result.name, search) },
    links: [{ label: "Schedule and recipients", url: savedReportUrl(services, saved.id) }],
    footnote: subscribed && saved.schedule
      ? `You receive this report: ${lowerFirst(describeSchedule(saved.schedule))} (${zone}). ` +
        "Its figures cover the tickets that you can see."
      : "You received this report because it was sent to you once. Its figures cover the tickets that you can see.",
  };
}

/** `23–29 Nov 2026` */
function daysOf({ from, to }: { from: string; to: string }, { locale }: Pick<Reader, "locale">): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  return format.formatRange(new Date(from), new Date(to));
}

/** What stands for the report first, then what its chart draws. */
function mainMeasures({ headline, chart, measures }: ReportResult): MeasureInfo[] {
  const names = [...new Set([headline, ...chart.measures])];
  return names.flatMap((name) => measures.find((measure) => measure.name === name) ?? []).slice(
    0,
    MOST_SENTENCES,
  );
}

function sentenceOf({ name, label, unit }: MeasureInfo, { total, filters }: ReportResult): string {
  const [value, before] = [total.values[name] ?? null, total.previous?.[name] ?? null];
  if (value === null) return `${label}: nothing to measure in this period.`;
  const now = `${label}: ${formatValue(value, unit)}`;
  if (before === null) return `${now}.`;
  const then = filters.comparison?.kind === "year" ? "a year before" : "in the period before";
  if (formatValue(value, unit) === formatValue(before, unit)) return `${now}, as ${then}.`;
  const change = formatChange(value, before, unit);
  const compared = `compared with ${formatValue(before, unit)} ${then}`;
  return change === null ? `${now}, ${compared}.` : `${now}, ${compared} (${change}).`;
}

function lowerFirst(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1);
}
