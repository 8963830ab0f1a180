import type { IconName } from "@/components/Icon.tsx";
import type { SlaState } from "@/domain/sla/monitor.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";

/** The monitor's lists in words. `none` is shown when a list is empty. */
export const LISTS: Readonly<
  Record<SlaState, { label: string; title: string; icon: IconName; none: string }>
> = {
  breached: {
    label: "Breached",
    title: "Breached",
    icon: "alert",
    none: "No open ticket has breached a target.",
  },
  at_risk: {
    label: "At risk",
    title: "At risk",
    icon: "clock",
    none: "No open ticket has used 75% of its time.",
  },
  due: { label: "Due later", title: "Due next", icon: "check", none: "No other tickets are due." },
};

/** The whole list, on the page of all tickets. `queue` is an id, "none", or "" for any. */
export function listHref(state: SlaState, queue: string): string {
  const query = new URLSearchParams(ACTIVE.map((status) => ["status", status]));
  query.set("sla", state);
  if (queue) query.set("queueId", queue);
  query.set("sort", "due");
  return `/tickets?${query}`;
}
