import { page } from "fresh";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { TicketTable } from "@/components/TicketTable.tsx";
import { define } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { listMembers, type Members, MembersQuery } from "@/domain/reports/members.ts";
import { loadReport } from "@/routes/(app)/reports/(_data)/load_report.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { readQuery } from "@/pages/query.ts";
import { namesakesOf, ticketRows } from "@/routes/(app)/tickets/(_data)/rows.ts";
import { queryOf } from "@/routes/(app)/reports/(_data)/report_query.ts";

interface Data {
  name: string;
  list: Members | null;
  wrong: string[];
  now: string;
  namesakes: ReadonlySet<string>;
}

/** The tickets that a number of a report counts. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { searchParams: search } = ctx.url;
    const name = ctx.params.report!;
    const data = await loadReport(ctx, async (cx): Promise<Data> => {
      ctx.state.title = "Tickets of a report";
      const own = Object.fromEntries(
        ["measure", "key", "cursor"].map((field) => [field, search.get(field) ?? ""]),
      );
      const { input, wrong } = readQuery(MembersQuery, { ...queryOf(search), ...own, limit: 50 });
      const base = { name, now: cx.now, list: null, namesakes: new Set<string>() };
      if (input === null) return { ...base, wrong: wrong.map(String) };
      try {
        const list = await listMembers(cx, name, input);
        return { ...base, list, wrong: [], namesakes: await namesakesOf(cx, list.items) };
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== "invalid") throw error;
        return {
          ...base,
          wrong: (error.facts.errors ?? []).map(({ path, message }) => `${path}: ${message}`),
        };
      }
    });
    return page(data, { status: data.list ? 200 : 422 });
  },
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { list, name } = data;
  const { actor } = state.viewer!;
  const back = new URLSearchParams(
    [...url.searchParams].filter(([field]) => !["measure", "key", "cursor"].includes(field)),
  );
  const title = list ? list.request.report.title : "Report";
  const next = list ? nextHref(url, list.nextCursor) : undefined;
  const first = firstHref(url);
  return (
    <div class="page">
      <PageHeader
        title={list ? list.label : "Tickets of a report"}
        crumbs={[{ label: "Reports", href: "/reports" }, { label: title, href: `/reports/${name}?${back}` }]}
        meta={list && describe(list, url.searchParams.get("key"))}
      />
      <ErrorList message={data.wrong} />
      {list && (list.items.length > 0
        ? (
          <>
            <TicketTable tickets={ticketRows(list.items, actor, data)} caption={list.label} />
            <Pager firstHref={first} nextHref={next} shown={`${list.items.length} of ${list.count} shown`} />
          </>
        )
        : <EmptyState icon="ticket" title="No tickets">Nothing of this period was counted here.</EmptyState>)}
    </div>
  );
});

/** `12 tickets · 2026-11-01 to 2026-11-30, Europe/Vienna · Queue: Hardware` */
function describe({ count, request, keyLabel }: Members, key: string | null): string {
  const { period, timeZone, lines } = request.applied;
  return [
    `${count.toLocaleString("en")} ${count === 1 ? "ticket" : "tickets"}`,
    `${period.from} to ${period.to}, ${timeZone}`,
    ...(key ? [keyLabel] : []),
    ...lines.map(({ label, value }) => `${label}: ${value}`),
  ].join(" · ");
}
