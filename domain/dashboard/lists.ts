import type { UserCx } from "@/domain/cx.ts";
import type { Interval, ReportName } from "@/domain/reports/model/names.ts";
import type { Period } from "@/domain/reports/model/period.ts";
import type { Count } from "@/domain/shared/types.ts";
import { countMatching } from "@/domain/tickets/counts.ts";
import { type Filter, TicketFilter } from "@/domain/tickets/model/filter.ts";
import { parse } from "@/domain/validation.ts";
import type { Figure } from "./model.ts";

type Asked = Partial<Record<keyof Filter, string | readonly string[]>>;

/** Tickets of a filter, with their list. */
export async function figureOf(cx: UserCx, filter: Asked): Promise<Figure> {
  return listed(await countMatching(cx, parse(TicketFilter, filter)), filter);
}

/** A count of tickets that is known already. */
export function listed({ count, capped }: Count, filter: Asked): Figure {
  const query = new URLSearchParams(
    Object.entries(filter).flatMap(([name, values]) =>
      [values].flat().map((value) => [name, value as string])
    ),
  );
  return { count, capped, list: `/tickets?${query}` };
}

/** A number of a report over time, with its tickets: of the whole period, or of the interval that begins on `key`. */
export function reported(
  cx: UserCx,
  count: number,
  { report, measure, period: { from, to }, interval = "day", key }: {
    report: ReportName;
    measure: string;
    period: Pick<Period, "from" | "to">;
    interval?: Interval;
    key?: string;
  },
): Figure {
  const query = new URLSearchParams({
    from,
    to,
    timeZone: cx.tenant.timeZone,
    interval,
    by: "time",
    measure,
  });
  if (key !== undefined) query.set("key", key);
  return { count, capped: false, list: `/reports/${report}/tickets?${query}` };
}
