import type { Tab } from "@/components/Tabs.tsx";
import { countLabel } from "@/domain/tickets/model/formatting.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import type { TicketCounts } from "@/domain/tickets/counts.ts";

/** The default list: tickets that still need work. */
export const DEFAULT_SEARCH = ACTIVE.map((status) => `status=${status}`).join("&");

/** Tabs of the lists that people open most. */
export function listTabs(search: string, staff: boolean, counts: TicketCounts): Tab[] {
  const { byStatus, assignedToMe, unassigned, capped } = counts;
  const active = byStatus.new + byStatus.open + byStatus.in_progress + byStatus.pending;
  const label = (count: number) => countLabel({ count, capped });
  const tabs: (Tab & { query: string })[] = [
    { query: DEFAULT_SEARCH, label: "Open", count: label(active), href: "" },
    ...(staff
      ? [
        {
          query: `assigneeId=none&${DEFAULT_SEARCH}`,
          label: "Unassigned",
          href: "",
          ...(unassigned ? { count: countLabel(unassigned) } : {}),
        },
        {
          query: `assigneeId=me&${DEFAULT_SEARCH}`,
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
    current: search === `?${query}` || query === DEFAULT_SEARCH && search === "" ||
      query === "" && search === "?status=",
  }));
}
