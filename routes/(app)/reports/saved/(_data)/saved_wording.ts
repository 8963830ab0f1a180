import type { Tone } from "@/components/types.ts";
import { ALL_REPORTS } from "@/domain/reports/definitions/all.ts";
import { PRESET_LABELS } from "@/domain/reports/model/period.ts";
import { searchOf } from "@/domain/reports/saved/mailed_report.ts";
import type {
  LastResult,
  LeftOut,
  SavedQuery,
  SavedReport,
  SentTo,
} from "@/domain/reports/saved/saved_report.ts";

/** What a report is called; its name where this version has none of it. */
export function titleOf({ report }: SavedReport): string {
  return ALL_REPORTS.find(({ name }) => name === report)?.title ?? report;
}

export function addressOf({ report, query }: SavedReport): string {
  return `/reports/${report}?${searchOf(query)}`;
}

/** `Last week`, `2026-01-01 to 2026-01-31` */
export function periodText({ period, from, to }: SavedQuery): string {
  if (from === undefined) return PRESET_LABELS[period ?? "last-30-days"];
  return to === undefined ? `Since ${from}` : `${from} to ${to}`;
}

const FILTERS = ["queueId", "categoryId", "priority", "assigneeId", "type", "source", "tag"] as const;

/** `Last week · 2 filters` */
export function filtersText(query: SavedQuery): string {
  const count = FILTERS.filter((name) => query[name] !== undefined).length;
  const filters = count === 0 ? [] : [count === 1 ? "1 filter" : `${count} filters`];
  return [periodText(query), ...filters].join(" · ");
}

const LEFT_OUT_TEXTS: Readonly<Record<LeftOut, string>> = {
  deactivated: "Left out: their account is deactivated",
  not_staff: "Left out: they are no longer staff",
  not_shared: "Left out: the report isn't shared with them",
};

/** What became of somebody's mail. */
export function sentText({ state, note, leftOut }: SentTo): { text: string; tone: Tone } {
  if (leftOut) return { text: LEFT_OUT_TEXTS[leftOut], tone: "amber" };
  if (state === null) return { text: "Sent more than 30 days ago", tone: "neutral" };
  if (state === "sent") {
    return note ? { text: `Sent, but ${note}`, tone: "red" } : { text: "Sent", tone: "green" };
  }
  if (state === "skipped") return { text: note ?? "Not sent", tone: "amber" };
  if (state === "failed") return { text: `Failed: ${note ?? "no reason given"}`, tone: "red" };
  return { text: state === "retrying" ? `Retrying: ${note ?? ""}` : "On its way", tone: "blue" };
}

/** `3 sent, 1 left out, 1 failed` */
export function resultText({ people, notSent: why }: LastResult): string {
  if (why) return `Not sent: ${why}`;
  const count = (isOne: (one: SentTo) => boolean) => people.filter(isOne).length;
  const sent = count(({ state, leftOut }) => leftOut === null && (state === "sent" || state === null));
  const failed = count(({ state }) => state === "failed");
  const notSent = count(({ state, leftOut }) => leftOut !== null || state === "skipped");
  const parts = [[sent, "sent"], [people.length - sent - failed - notSent, "on the way"], [
    notSent,
    "left out",
  ], [
    failed,
    "failed",
  ]] as const;
  return parts.flatMap(([number, word]) => number > 0 ? `${number} ${word}` : []).join(", ") || "Nobody";
}
