import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { type Headline, readHeadlines } from "@/domain/reports/headlines.ts";
import { loadReport } from "./(_data)/load_report.ts";
import { ReportTile } from "./(_components)/ReportTile.tsx";

export const handler = define.handlers<Headline[]>({
  async GET(ctx) {
    ctx.state.title = "Reports";
    return page(await loadReport(ctx, (cx) => readHeadlines(cx, "last-30-days")));
  },
});

export default define.page<typeof handler>(({ data }) => (
  <div class="page">
    <PageHeader
      title="Reports"
      meta="The last 30 days"
      actions={<ButtonLink href="/reports/saved" icon="clock">Saved and scheduled</ButtonLink>}
    />
    <div class="report-grid">
      {data.map((headline) => <ReportTile key={headline.name} headline={headline} />)}
    </div>
  </div>
));
