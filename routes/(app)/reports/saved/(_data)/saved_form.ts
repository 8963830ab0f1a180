import type { UserCx } from "@/domain/cx.ts";
import type { SavedQuery, SavedReport } from "@/domain/reports/saved/saved_report.ts";
import type { FormValues } from "@/pages/forms.ts";
import { nested } from "@/pages/nested.ts";
import { queryOf } from "@/routes/(app)/reports/(_data)/report_query.ts";

/** A form carries the report's address as one field: what it filters by is kept. */
export function withSearch({ search, ...values }: FormValues): Record<string, unknown> {
  return { ...values, query: queryOf(new URLSearchParams(typeof search === "string" ? search : "")) };
}

/** What the choice of a period shows; days of their own are the empty one. */
export function shownPeriod({ period, from }: SavedQuery): string {
  return from === undefined ? period ?? "last-30-days" : "";
}

interface Given {
  query?: Record<string, string>;
  schedule?: Record<string, string>;
}

/** The page chooses period and comparison; other filters stay as they were saved. */
export function withSchedule(values: FormValues, saved: SavedReport): Record<string, unknown> {
  const { query = {}, schedule = {} } = nested(nested(values, "query") as FormValues, "schedule") as Given;
  const { every, hour, weekday, day } = schedule;
  const { period, from, to, compare, ...kept } = saved.query;
  const days = !query.period || query.period === shownPeriod(saved.query)
    ? { period, from, to }
    : { period: query.period };
  return {
    ...values,
    shared: values.shared ?? "off",
    // What stands for nothing chosen is no change.
    query: { ...kept, ...days, compare: query.compare === "none" ? compare && "none" : query.compare },
    schedule: !every
      ? null
      : { every, hour, ...(every === "week" ? { weekday } : {}), ...(every === "month" ? { day } : {}) },
    recipientIds: [values.recipientIds ?? []].flat(),
  };
}

/** Of whom the form lets choose: managers all staff, others themselves, and whoever gets it already. */
export function candidates(
  cx: Pick<UserCx, "actor">,
  saved: SavedReport,
  staff: readonly { id: string; name: string }[],
): { id: string; name: string }[] {
  const known = staff.length > 0 ? staff : [{ id: cx.actor.id, name: cx.actor.name }];
  return [...known, ...saved.recipients.filter(({ id }) => !known.some((one) => one.id === id))];
}
