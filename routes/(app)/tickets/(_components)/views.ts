import type { Tab } from "../../../../components/Tabs.tsx";
import { countLabel } from "../../../../domain/tickets/formatting.ts";
import type { TicketCounts } from "../../../../domain/tickets/counts.ts";

const ACTIVE = "status=new&status=open&status=in_progress&status=pending";

/** The lists that people open most: addresses that anyone could type. */
export function listTabs(search: string, staff: boolean, counts: TicketCounts): Tab[] {
  const { byStatus, assignedToMe, unassigned, capped } = counts;
  const active = byStatus.new + byStatus.open + byStatus.in_progress + byStatus.pending;
  const label = (count: number) => countLabel({ count, capped });
  const tabs: (Tab & { query: string })[] = [
    { query: ACTIVE, label: "Open", count: label(active), href: "" },
    ...(staff
      ? [
        {
          query: `assigneeId=none&${ACTIVE}`,
          label: "Unassigned",
          href: "",
          ...(unassigned ? { count: countLabel(unassigned) } : {}),
        },
        {
          query: `assigneeId=me&${ACTIVE}`,
          label: "Mine",
          href: "",
          ...(assignedToMe ? { count: countLabel(assignedToMe) } : {}),
        },
      ]
      : []),
    { query: "status=resolved", label: "Resolved", count: label(byStatus.resolved), href: "" },
    { query: "", label: "All", href: "" },
  ];
  return tabs.map(({ query, ...tab }) => ({
    ...tab,
    href: query ? `/tickets?${query}` : "/tickets?status=",
    current: search === `?${query}` || query === ACTIVE && search === "" ||
      query === "" && search === "?status=",
  }));
}

/** What the list shows when nothing was asked for: what still needs somebody. */
export const DEFAULT_SEARCH = ACTIVE;
