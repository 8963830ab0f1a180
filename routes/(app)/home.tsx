import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import type { Dashboard } from "@/domain/dashboard/model.ts";
import { readDashboard } from "@/domain/dashboard/read.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import { LivePage } from "@/islands/LivePage.tsx";
import { load } from "@/pages/load.ts";
import { HealthPart } from "./(_components)/HealthPart.tsx";
import { RequestsPart } from "./(_components)/RequestsPart.tsx";
import { TeamPart } from "./(_components)/TeamPart.tsx";
import { WorkPart } from "./(_components)/WorkPart.tsx";
import { namesakesOf, ticketRows } from "./tickets/(_data)/rows.ts";

interface Data {
  dashboard: Dashboard;
  namesakes: ReadonlySet<string>;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Home";
    return page(
      await load(ctx, async (cx) => {
        const dashboard = await readDashboard(cx);
        const { work } = dashboard;
        const shown = work ? [...work.dueNext, ...work.waiting, ...work.toTake] : [];
        return { dashboard, namesakes: await namesakesOf(cx, shown) };
      }),
    );
  },
});

export default define.page<typeof handler>(({ data: { dashboard, namesakes }, state }) => {
  const { actor } = state.viewer!;
  const { requests, work, team, health, madeAt: now } = dashboard;
  const rows = (items: TicketItem[]) => ticketRows(items, actor, { now, namesakes });
  return (
    <div class="page">
      <PageHeader
        title={`Hello, ${actor.name.split(" ")[0]}`}
        actions={<ButtonLink href="/tickets/new" icon="plus" variant="primary">New ticket</ButtonLink>}
      />
      <div class="live-here">
        <LivePage />
      </div>
      {requests && <RequestsPart requests={requests} reader={actor} now={now} />}
      {team && <TeamPart team={team} isAdmin={actor.role === "ADMIN"} />}
      {work && <WorkPart work={work} rows={rows} leads={team !== null} />}
      {health && <HealthPart health={health} reader={actor} now={now} />}
    </div>
  );
});
