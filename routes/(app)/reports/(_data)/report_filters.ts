import type { FilterChip } from "@/components/FilterChips.tsx";
import type { Filter } from "@/components/FilterMenu.tsx";
import type { Option } from "@/components/types.ts";
import type { UserCx } from "@/domain/cx.ts";
import type { Named } from "@/domain/shared/types.ts";
import { labelsOf } from "@/domain/reports/labels.ts";
import type { ReportInfo } from "@/domain/reports/list.ts";
import { INTERVALS } from "@/domain/reports/model/names.ts";
import { PRESET_LABELS, PRESETS } from "@/domain/reports/model/period.ts";
import {
  COMPARISON_LABELS,
  DIMENSION_LABELS,
  INTERVAL_LABELS,
  SOURCE_LABELS,
} from "@/domain/reports/model/wording.ts";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import { PRIORITY_LABELS, TYPE_LABELS } from "@/domain/tickets/model/formatting.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { parseId } from "@/domain/validation.ts";

const labelled = (labels: Readonly<Record<string, string>>, values: readonly string[]): Option[] =>
  values.map((value) => ({ value, label: labels[value]! }));

/** How a report is cut: its period, rows and comparison, each one value. */
export function shapeFilters(
  report: ReportInfo,
  chosen: { period: string; by: string; interval: string; compare: string; timeZone: string },
  zones: readonly string[],
): Record<"period" | "by" | "interval" | "compare" | "timeZone", Filter> {
  const one = (name: keyof typeof chosen, label: string, options: Option[]): Filter => ({
    name,
    label,
    options,
    selected: [chosen[name]],
  });
  return {
    period: one("period", "Period", labelled(PRESET_LABELS, [...PRESETS, "custom"])),
    by: one("by", "Rows", labelled(DIMENSION_LABELS, report.by)),
    interval: one("interval", "By", labelled(INTERVAL_LABELS, INTERVALS)),
    compare: one("compare", "Compare", labelled(COMPARISON_LABELS, Object.keys(COMPARISON_LABELS))),
    timeZone: one("timeZone", "Time zone", zones.map((zone) => ({ value: zone, label: zone }))),
  };
}

/** An id in its one spelling, so that it is the same as that of a choice. */
const plain = (value: string): string => parseId(value) ?? value;

/** Which tickets a report counts. */
export function ticketFilters(search: URLSearchParams, choices: TicketChoices): Filter[] {
  const filter = (name: string, label: string, options: Option[]): Filter => ({
    name,
    label,
    options,
    selected: [...new Set(search.getAll(name).filter(Boolean).map(plain))],
    multiple: true,
  });
  const named = (things: Named[], nothing: string): Option[] => [
    ...things.map(({ id, name }) => ({ value: id, label: name })),
    { value: "none", label: nothing },
  ];
  return [
    filter("queueId", "Queue", named(choices.queues, "No queue")),
    filter("assigneeId", "Agent", named(choices.staff, "Nobody")),
    filter("categoryId", "Category", named(choices.categories, "No category")),
    filter("priority", "Priority", labelled(PRIORITY_LABELS, PRIORITIES)),
    filter("type", "Type", labelled(TYPE_LABELS, Object.keys(TYPE_LABELS))),
    filter("source", "Source", labelled(SOURCE_LABELS, Object.keys(SOURCE_LABELS))),
  ];
}

const NAMED = { queueId: "queue", assigneeId: "agent", categoryId: "category" } as const;

/** With a choice for all that is on: a form would lose what is archived, deactivated, or one of too many. */
export async function withChosen(cx: UserCx, filters: readonly Filter[]): Promise<Filter[]> {
  return await Promise.all(filters.map(async (filter) => {
    const missing = filter.selected.filter((value) => filter.options.every((one) => one.value !== value));
    const by = NAMED[filter.name as keyof typeof NAMED];
    const names = by && missing.length > 0 ? await labelsOf(cx, by, missing) : undefined;
    const further = missing.map((value) => ({ value, label: names?.get(value) ?? "Unknown" }));
    return { ...filter, options: [...filter.options, ...further] };
  }));
}

/** The first one has a field; the others stay as they are. */
export function tagsIn(search: URLSearchParams): string[] {
  return [...new Set(search.getAll("tag").filter(Boolean))];
}

/** What is on, each with the address without it. */
export function filterChips(search: URLSearchParams, filters: readonly Filter[]): FilterChip[] {
  const without = (name: string, value: string) =>
    `?${new URLSearchParams([...search].filter(([n, v]) => n !== name || ![v, plain(v)].includes(value)))}`;
  const chips = filters.flatMap(({ name, label, options, selected }) =>
    selected.map((value) => ({
      label: `${label}: ${options.find((option) => option.value === value)?.label ?? value}`,
      removeHref: without(name, value),
    }))
  );
  return [
    ...chips,
    ...tagsIn(search).map((tag) => ({ label: `Tag: ${tag}`, removeHref: without("tag", tag) })),
  ];
}
