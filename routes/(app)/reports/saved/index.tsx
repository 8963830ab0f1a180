import { ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { define } from "@/define.ts";
import { REPORT_READERS } from "@/domain/permissions.ts";
import { listSavedReports } from "@/domain/reports/saved/read.ts";
import { CreateSavedReport, createSavedReport } from "@/domain/reports/saved/write.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { parse } from "@/domain/validation.ts";
import { formPage } from "@/pages/form_page.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { SaveReportForm } from "@/routes/(app)/reports/(_components)/SaveReportForm.tsx";
import { SavedReportTable } from "./(_components)/SavedReportTable.tsx";
import { withSearch } from "./(_data)/saved_form.ts";

export const handler = formPage({
  roles: REPORT_READERS,
  load: async (cx, ctx) => {
    const cursor = ctx.url.searchParams.get("cursor") ?? "";
    return { saved: await listSavedReports(cx, parse(PageOf, { cursor, limit: 50 })), now: cx.now };
  },
  title: "Saved reports",
  schema: CreateSavedReport,
  prepare: withSearch,
  run: async (cx, input) => {
    const { id, name } = await createSavedReport(cx, input);
    return { to: `/reports/saved/${id}`, flash: `Report “${name}” saved` };
  },
});

export default define.page<typeof handler>(({ data: { saved, now, form }, state, url }) => {
  const { actor } = state.viewer!;
  const { items, nextCursor } = saved;
  const isOwn = ({ owner }: { owner: { id: string } }) => owner.id === actor.id;
  return (
    <div class="page">
      <PageHeader
        title="Saved reports"
        crumbs={[{ label: "Reports", href: "/reports" }, { label: "Saved reports" }]}
      />
      {form.values.report !== undefined && (
        <SaveReportForm report={form.values.report} search={form.values.search ?? ""} form={form} />
      )}
      {items.length === 0
        ? (
          <EmptyState
            icon="chart"
            title="No saved reports yet"
            actions={<ButtonLink href="/reports" icon="chart">Open reports</ButtonLink>}
          >
            Open a report, set its filters, then choose “Save this report”. You can have it emailed on a
            schedule.
          </EmptyState>
        )
        : (
          <>
            <SavedReportTable title="My reports" reports={items.filter(isOwn)} reader={actor} now={now} />
            <SavedReportTable
              title="Shared by others"
              reports={items.filter((one) => !isOwn(one))}
              reader={actor}
              now={now}
            />
            <Pager firstHref={firstHref(url)} nextHref={nextHref(url, nextCursor)} />
          </>
        )}
    </div>
  );
});
