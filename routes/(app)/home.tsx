import { page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { Card, StatCard } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { TicketTable } from "@/components/TicketTable.tsx";
import { define } from "@/define.ts";
import { isStaff } from "@/domain/permissions.ts";
import { countTickets, type TicketCounts } from "@/domain/tickets/counts.ts";
import { ListTickets } from "@/domain/tickets/model/filter.ts";
import { countLabel } from "@/domain/tickets/model/formatting.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import { parse } from "@/domain/validation.ts";
import { LivePage } from "@/islands/LivePage.tsx";
import { load } from "@/pages/load.ts";
import { namesakesOf, ticketRows } from "./tickets/(_data)/rows.ts";
import { DEFAULT_SEARCH } from "./tickets/(_data)/views.ts";

interface Data {
  mine: TicketItem[];
  /** For staff: unassigned tickets. */
  unassigned: TicketItem[];
  counts: TicketCounts;
  now: string;
  namesakes: ReadonlySet<string>;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Home";
    return page(
      await load(ctx, async (cx) => {
        const staff = isStaff(cx.actor.role);
        const list = (filter: Record<string, unknown>) =>
          listTickets(cx, parse(ListTickets, { status: ACTIVE, sort: "-updated", limit: 10, ...filter }));
        const [mine, unassigned, counts] = await Promise.all([
          list(staff ? { assigneeId: "me" } : {}),
          staff ? list({ assigneeId: "none" }) : { items: [] },
          countTickets(cx),
        ]);
        const namesakes = await namesakesOf(cx, [...mine.items, ...unassigned.items]);
        return { mine: mine.items, unassigned: unassigned.items, counts, namesakes, now: cx.now };
      }),
    );
  },
});

export default define.page<typeof handler>(({ data, state }) => {
  const { actor } = state.viewer!;
  const staff = isStaff(actor.role);
  const rows = (items: TicketItem[]) => ticketRows(items, actor, data);
  return (
    <div class="page">
      <PageHeader
        title={`Hello, ${actor.name.split(" ")[0]}`}
        actions={<ButtonLink href="/tickets/new" icon="plus" variant="primary">New ticket</ButtonLink>}
      />
      <div class="live-here">
        <LivePage />
      </div>
      <Figures counts={data.counts} staff={staff} />
      <Card title={staff ? "My work" : "My open requests"} flush>
        {data.mine.length > 0
          ? <TicketTable tickets={rows(data.mine)} caption={staff ? "My work" : "My open requests"} />
          : (
            <EmptyState
              icon="check"
              title={staff ? "No tickets are assigned to you" : "You have no open requests"}
              actions={staff
                ? (
                  <ButtonLink href="/tickets?assigneeId=none&status=new&status=open">
                    See unassigned tickets
                  </ButtonLink>
                )
                : <ButtonLink href="/tickets/new" icon="plus">Ask for help</ButtonLink>}
            />
          )}
      </Card>
      {data.unassigned.length > 0 && (
        <Card title="Unassigned tickets" flush>
          <TicketTable tickets={rows(data.unassigned)} caption="Unassigned tickets" />
        </Card>
      )}
    </div>
  );
});

function Figures({ counts, staff }: { counts: TicketCounts; staff: boolean }) {
  const { byStatus, capped, assignedToMe, unassigned } = counts;
  const label = (count: number) => countLabel({ count, capped });
  return (
    <div class="cards">
      {staff && assignedToMe && (
        <StatCard
          label="Assigned to me"
          value={countLabel(assignedToMe)}
          icon="user"
          href={`/tickets?assigneeId=me&${DEFAULT_SEARCH}`}
        />
      )}
      {staff && unassigned && (
        <StatCard
          label="Unassigned"
          value={countLabel(unassigned)}
          icon="inbox"
          href={`/tickets?assigneeId=none&${DEFAULT_SEARCH}`}
        />
      )}
      <StatCard
        label={staff ? "Open or in progress" : "In progress"}
        value={label(byStatus.open + byStatus.in_progress)}
        icon="refresh"
        href="/tickets?status=open&status=in_progress"
      />
      <StatCard label="Pending" value={label(byStatus.pending)} icon="clock" href="/tickets?status=pending" />
      <StatCard
        label="Resolved"
        value={label(byStatus.resolved)}
        icon="check"
        href="/tickets?status=resolved"
      />
    </div>
  );
}
