import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { type Filter, FilterBar } from "@/components/FilterBar.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { TicketTable } from "@/components/TicketTable.tsx";
import { define } from "@/define.ts";
import { isStaff } from "@/domain/permissions.ts";
import { DomainError } from "@/domain/errors.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { countTickets, type TicketCounts } from "@/domain/tickets/counts.ts";
import { ListTickets } from "@/domain/tickets/model/filter.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { AutoFilter } from "@/islands/AutoFilter.tsx";
import { LiveList } from "@/islands/LiveList.tsx";
import { listViews, type View } from "@/domain/views/read.ts";
import { viewQuery } from "@/domain/views/filter.ts";
import { redirect } from "@/pages/flash.ts";
import { load } from "@/pages/load.ts";
import { listChips, listFilters, SORT_OPTIONS } from "./(_data)/filters.ts";
import { ticketRows } from "./(_data)/rows.ts";
import { BulkBar } from "./(_components)/BulkBar.tsx";
import { DEFAULT_SEARCH, listTabs } from "./(_data)/views.ts";
import { ViewsMenu } from "./(_components)/ViewsMenu.tsx";

interface Data {
  tickets: Page<TicketItem>;
  counts: TicketCounts;
  views: View[];
  filters: Filter[];
  search: URLSearchParams;
  /** Why the address can't be read as filters; the list is empty then. */
  wrong: string;
  now: string;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const search = new URLSearchParams(ctx.url.search || DEFAULT_SEARCH);
    const data = await load(ctx, async (cx) => {
      const { items: views } = await listViews(cx, { limit: 100 });
      const wanted = search.get("view");
      const only = [...search.keys()].every((name) => name === "view");
      const view = views.find(({ id }) => id === wanted);
      // A view by its id alone: the address that says what it filters by is the one to be on.
      if (view && only) return viewQuery(view);
      const staff = isStaff(cx.actor.role);
      ctx.state.title = staff ? "Tickets" : "My requests";
      const { input, wrong } = readFilters(search);
      const [tickets, counts, choices] = await Promise.all([
        input ? listTickets(cx, input) : { items: [], nextCursor: null },
        countTickets(cx),
        ticketChoices(cx, { staff }),
      ]);
      return {
        tickets,
        counts,
        views,
        filters: listFilters(search, choices, staff),
        search,
        wrong,
        now: cx.now,
      };
    });
    if (typeof data === "string") return redirect(ctx, `/tickets?${data}`);
    return page(data, { status: data.wrong ? 422 : 200 });
  },
});

function readFilters(search: URLSearchParams) {
  const query: Record<string, string[] | string> = { sort: search.get("sort") ?? "-updated", limit: "50" };
  for (
    const name of [
      "status",
      "priority",
      "assigneeId",
      "queueId",
      "categoryId",
      "type",
      "tag",
      "requesterId",
      "sla",
    ]
  ) {
    query[name] = search.getAll(name);
  }
  query.q = search.get("q") ?? "";
  query.cursor = search.get("cursor") ?? "";
  try {
    return { input: parse(ListTickets, query), wrong: "" };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return {
      input: null,
      wrong: error.facts.errors?.map((e) => `${e.path}: ${e.message}`).join("; ") ?? error.message,
    };
  }
}

export default define.page<typeof handler>(({ data, state, url }) => {
  const { tickets: { items, nextCursor }, search, filters, counts, now } = data;
  const { actor } = state.viewer!;
  const cursor = search.get("cursor");
  const current = data.views.find(({ id }) => id === search.get("view"));
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
          modified={current !== undefined && !sameList(query, viewQuery(current))}
          staff={isStaff(actor.role)}
        />
      </div>
      <FilterBar
        action="/tickets"
        hidden={current && { view: current.id }}
        q={search.get("q") ?? ""}
        filters={filters}
        sort={{ value: search.get("sort") ?? "-updated", options: SORT_OPTIONS }}
        chips={url.search === "" ? [] : listChips(search, filters)}
        clearHref="/tickets?status="
      />
      <AutoFilter />
      <LiveList />
      <FormErrors errors={data.wrong ? [{ field: "", message: data.wrong }] : []} />
      {items.length > 0
        ? (
          <>
            {isStaff(actor.role) && <BulkBar query={query} />}
            <TicketTable
              tickets={ticketRows(items, actor, now)}
              caption="Tickets"
              selectIn={isStaff(actor.role) ? "bulk" : undefined}
            />
            <Pager
              firstHref={cursor ? pageHref(search, null) : undefined}
              nextHref={nextCursor ? pageHref(search, nextCursor) : undefined}
              shown={`${items.length} shown`}
            />
          </>
        )
        : (
          <EmptyState
            icon="inbox"
            title={nextCursor ? "Nothing on this page" : "No tickets here"}
            actions={nextCursor
              ? <ButtonLink href={pageHref(search, nextCursor)}>Keep searching</ButtonLink>
              : <ButtonLink href="/tickets/new" icon="plus">New ticket</ButtonLink>}
          >
            {nextCursor
              ? "Older tickets have not been searched yet."
              : "Try other filters, or open a ticket."}
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

function pageHref(search: URLSearchParams, cursor: string | null): string {
  const next = new URLSearchParams([...search].filter(([name]) => name !== "cursor"));
  if (cursor) next.set("cursor", cursor);
  return `/tickets?${next}`;
}
