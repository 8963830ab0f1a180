import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FilterBar } from "@/components/FilterBar.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { TicketTable } from "@/components/TicketTable.tsx";
import { define } from "@/define.ts";
import { isStaff } from "@/domain/permissions.ts";
import { viewQuery } from "@/domain/views/filter.ts";
import { AutoFilter } from "@/islands/AutoFilter.tsx";
import { LiveList } from "@/islands/LiveList.tsx";
import { redirect } from "@/pages/flash.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { BulkBar } from "./(_components)/BulkBar.tsx";
import { ViewsMenu } from "./(_components)/ViewsMenu.tsx";
import { listChips, SORT_OPTIONS } from "./(_data)/filters.ts";
import { ticketRows } from "./(_data)/rows.ts";
import { ticketList, type TicketListData } from "./(_data)/ticket_list.ts";
import { listTabs } from "./(_data)/views.ts";

export const handler = define.handlers<TicketListData>({
  async GET(ctx) {
    const data = await ticketList(ctx);
    if (typeof data === "string") return redirect(ctx, `/tickets?${data}`);
    return page(data, { status: data.wrong.length > 0 ? 422 : 200 });
  },
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { tickets: { items, nextCursor }, current, search, filters, counts } = data;
  const { actor } = state.viewer!;
  const address = { pathname: "/tickets", searchParams: search };
  const next = nextHref(address, nextCursor);
  const query = new URLSearchParams([...search].filter(([name, value]) => name !== "cursor" && value !== ""))
    .toString();
  return (
    <div class="page">
      <PageHeader
        title={isStaff(actor.role) ? "Tickets" : "My requests"}
        actions={<ButtonLink href="/tickets/new" icon="plus" variant="primary">New ticket</ButtonLink>}
      />
      <div class="list-head">
        <Tabs tabs={listTabs(url.search, isStaff(actor.role), counts)} label="Lists" />
        <ViewsMenu
          views={data.views}
          current={current}
          query={query}
          modified={current !== null && !sameList(query, viewQuery(current))}
          role={actor.role}
        />
      </div>
      <FilterBar
        action="/tickets"
        hidden={current ? { view: current.id } : {}}
        q={search.get("q") ?? ""}
        filters={filters}
        sort={{ value: search.get("sort") ?? "-updated", options: SORT_OPTIONS }}
        chips={url.search === "" ? [] : listChips(search, filters)}
        clearHref="/tickets?status="
      />
      <AutoFilter />
      <LiveList />
      <ErrorList message={data.wrong} />
      {items.length > 0
        ? (
          <>
            {isStaff(actor.role) && <BulkBar query={query} />}
            <TicketTable
              tickets={ticketRows(items, actor, data)}
              caption="Tickets"
              selectIn={isStaff(actor.role) ? "bulk" : undefined}
            />
            <Pager
              firstHref={firstHref(address)}
              nextHref={next}
              shown={`${items.length} shown`}
            />
          </>
        )
        : (
          <EmptyState
            icon="inbox"
            title={next ? "Nothing on this page" : "No tickets here"}
            actions={next
              ? <ButtonLink href={next}>Keep searching</ButtonLink>
              : <ButtonLink href="/tickets/new" icon="plus">New ticket</ButtonLink>}
          >
            {next ? "Older tickets haven't been searched yet." : "Try other filters, or create a ticket."}
          </EmptyState>
        )}
    </div>
  );
});

/** Whether two addresses filter and order alike, in whatever order they say it. */
function sameList(one: string, other: string): boolean {
  const sorted = (query: string) => [...new URLSearchParams(query)].map(String).sort().join("&");
  return sorted(one) === sorted(other);
}
