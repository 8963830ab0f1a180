import type { FilterChip } from "@/components/FilterChips.tsx";
import type { Filter } from "@/components/FilterMenu.tsx";
import type { Option } from "@/components/types.ts";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import { PRIORITY_LABELS, STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { STATUSES } from "@/domain/tickets/model/states.ts";
import type { Named } from "@/domain/shared/types.ts";

export const SORT_OPTIONS: Option[] = [
  { value: "-updated", label: "Last updated" },
  { value: "-created", label: "Newest" },
  { value: "created", label: "Oldest" },
  { value: "due", label: "Due first" },
];

/** The filters of the list, with the values in the address. */
export function listFilters(search: URLSearchParams, choices: TicketChoices, staff: boolean): Filter[] {
  const filter = (name: string, label: string, options: Option[], rest: Partial<Filter> = {}): Filter => ({
    name,
    label,
    options,
    selected: search.getAll(name).filter(Boolean),
    ...rest,
  });
  return [
    filter("status", "Status", STATUSES.map((value) => ({ value, label: STATUS_LABELS[value] })), {
      multiple: true,
    }),
    filter("priority", "Priority", PRIORITIES.map((value) => ({ value, label: PRIORITY_LABELS[value] })), {
      multiple: true,
    }),
    ...(staff
      ? [
        filter("assigneeId", "Assignee", [
          { value: "me", label: "Me" },
          { value: "none", label: "Unassigned" },
          ...named(choices.staff),
        ], { any: "Any assignee" }),
        filter("queueId", "Queue", [...named(choices.queues), { value: "none", label: "No queue" }], {
          any: "Any queue",
        }),
      ]
      : []),
    ...(staff
      ? [
        filter("needsReply", "Reply", [
          { value: "true", label: "Needs reply" },
          { value: "false", label: "No reply needed" },
        ], { any: "Any reply state" }),
        filter("sla", "SLA", [
          { value: "breached", label: "Breached" },
          { value: "at_risk", label: "At risk" },
          { value: "due", label: "Due later" },
        ], { any: "Any SLA" }),
      ]
      : []),
    filter("categoryId", "Category", named(choices.categories), { any: "Any category" }),
  ];
}

/** The active filters, each with the address of the list without it. */
export function listChips(search: URLSearchParams, filters: Filter[]): FilterChip[] {
  const chips = filters.flatMap(({ name, label, options, selected }) =>
    selected.map((value) => ({
      label: `${label}: ${options.find((option) => option.value === value)?.label ?? value}`,
      removeHref: without(search, name, value),
    }))
  );
  const q = search.get("q");
  return q ? [...chips, { label: `Text: ${q}`, removeHref: without(search, "q", q) }] : chips;
}

function without(search: URLSearchParams, name: string, value: string): string {
  const rest = [...search].filter(([n, v]) => n !== "cursor" && v !== "" && !(n === name && v === value));
  // An empty query would open the default list, which has filters of its own.
  return `/tickets?${rest.length > 0 ? new URLSearchParams(rest) : "status="}`;
}

function named(things: Named[]): Option[] {
  return things.map(({ id, name }) => ({ value: id, label: name }));
}
