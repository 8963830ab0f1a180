import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { REPORT_FORMATS } from "@/domain/reports/export/mod.ts";
import { REPORTS } from "@/domain/reports/model/names.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { AutoFilter } from "@/islands/AutoFilter.tsx";
import { redirect } from "@/pages/flash.ts";
import { ReportFilters } from "@/routes/(app)/reports/(_components)/ReportFilters.tsx";
import { ReportResultCards } from "@/routes/(app)/reports/(_components)/ReportResultCards.tsx";
import { SaveReportMenu } from "@/routes/(app)/reports/(_components)/SaveReportForm.tsx";
import { reportPage, type ReportPageData } from "@/routes/(app)/reports/(_data)/report_page.ts";
import { sentQuery, withValue } from "@/routes/(app)/reports/(_data)/report_query.ts";

type Data = ReportPageData | { unknown: string };

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const sent = sentQuery(ctx.url.searchParams);
    if (sent) return redirect(ctx, `${ctx.url.pathname}?${sent}`);
    const data = await reportPage(ctx);
    if (data === null) return page({ unknown: ctx.params.report! }, { status: 422 });
    return page(data, { status: data.result ? 200 : 422 });
  },
});

export default define.page<typeof handler>(({ data }) => {
  if ("unknown" in data) return <UnknownReport name={data.unknown} />;
  const { report, result, search, wrong } = data;
  const others = Object.entries(wrong).filter(([name]) => name !== "from" && name !== "to");
  return (
    <div class="page">
      <PageHeader
        title={report.title}
        crumbs={[{ label: "Reports", href: "/reports" }]}
        meta={report.question}
        actions={result && <Exports result={result} search={search} />}
      />
      <ReportFilters data={data} />
      <AutoFilter />
      <ErrorList message={others.map(([name, text]) => `${name}: ${text}`)} />
      {result && <ReportResultCards result={result} search={search} />}
    </div>
  );
});

function Exports({ result, search }: { result: ReportResult; search: URLSearchParams }) {
  const href = (format: string) => `/reports/${result.name}/export${withValue(search, "format", format)}`;
  const comments = (result.comments ?? []).length > 0;
  return (
    <>
      {REPORT_FORMATS.toReversed().map((format) => (
        <ButtonLink key={format} href={href(format)} icon="file">
          {format.toUpperCase()}
        </ButtonLink>
      ))}
      {comments && <ButtonLink href={`${href("csv")}&part=comments`}>Comments as CSV</ButtonLink>}
      <SaveReportMenu report={result.name} search={search.toString()} />
    </>
  );
}

function UnknownReport({ name }: { name: string }) {
  return (
    <div class="page">
      <PageHeader title="There is no such report" crumbs={[{ label: "Reports", href: "/reports" }]} />
      <p>“{name}” isn't a report. These are:</p>
      <ul>
        {REPORTS.map((one) => (
          <li key={one}>
            <a href={`/reports/${one}`} aria-current="false">{one}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}
