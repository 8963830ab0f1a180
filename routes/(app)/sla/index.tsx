import { page } from "fresh";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card, StatCard } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { Icon, type IconName } from "@/components/Icon.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS, STAFF } from "@/domain/permissions.ts";
import type { Reader } from "@/domain/shared/moment.ts";
import { Monitor, type MonitoredList, readMonitor, type SlaState } from "@/domain/sla/monitor.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { countLabel } from "@/domain/tickets/model/formatting.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import type { Named } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { AutoFilter } from "@/islands/AutoFilter.tsx";
import { load } from "@/pages/load.ts";
import { MonitorTable } from "./(_components)/MonitorTable.tsx";

interface Data {
  lists: MonitoredList[];
  queues: Named[];
  /** The queue that is chosen; "" for any. */
  queue: string;
  now: string;
}

const WORDING: Readonly<Record<SlaState, { label: string; title: string; icon: IconName; none: string }>> = {
  breached: {
    label: "Breached",
    title: "Breached",
    icon: "alert",
    none: "No open ticket has missed a target.",
  },
  at_risk: {
    label: "At risk",
    title: "At risk",
    icon: "clock",
    none: "No open ticket has used up three quarters of its time.",
  },
  due: { label: "Due later", title: "Due next", icon: "check", none: "Nothing is due that isn't at risk." },
};

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "SLA monitor";
    const queue = ctx.url.searchParams.get("queueId") ?? "";
    return page(
      await load(ctx, async (cx) => {
        const [lists, { queues }] = await Promise.all([
          readMonitor(cx, parse(Monitor, { queueId: queue })),
          ticketChoices(cx, { staff: true }),
        ]);
        return { lists, queues, queue, now: cx.now };
      }, STAFF),
    );
  },
});

export default define.page<typeof handler>(({ data, state }) => {
  const { actor } = state.viewer!;
  const { lists, queue } = data;
  const quiet = lists.every(({ count }) => count.count === 0);
  return (
    <div class="page">
      <PageHeader title="SLA monitor" actions={<QueueFilter queues={data.queues} queue={queue} />} />
      <AutoFilter />
      <div class="monitor-counts">
        {lists.map(({ state: of, count }) => (
          <StatCard
            key={of}
            label={WORDING[of].label}
            value={countLabel(count)}
            icon={WORDING[of].icon}
            href={listHref(of, queue)}
          />
        ))}
      </div>
      {quiet
        ? (
          <EmptyState
            icon="clock"
            title={queue ? "No clock runs here" : "No clock runs"}
            actions={queue
              ? <ButtonLink href="/sla">All queues</ButtonLink>
              : MANAGERS.includes(actor.role) && <ButtonLink href="/admin/sla">SLA policies</ButtonLink>}
          >
            Open tickets for which an SLA policy promises something show here, the most pressing first.
          </EmptyState>
        )
        : lists.map((list) => (
          <Section key={list.state} list={list} queue={queue} reader={actor} now={data.now} />
        ))}
    </div>
  );
});

function QueueFilter({ queues, queue }: { queues: Named[]; queue: string }) {
  const options = [...queues, { id: "none", name: "No queue" }];
  return (
    <form class="filters" method="get" action="/sla" aria-label="Filter by queue">
      <span class="select">
        <select class="input" name="queueId" aria-label="Queue">
          <option value="">Any queue</option>
          {options.map(({ id, name }) => <option key={id} value={id} selected={id === queue}>{name}</option>)}
        </select>
        <Icon name="chevronDown" size="sm" />
      </span>
      <Button>Show</Button>
    </form>
  );
}

function Section({ list, queue, reader, now }: {
  list: MonitoredList;
  queue: string;
  reader: Reader;
  now: string;
}) {
  const { state, tickets, count } = list;
  const { title, none } = WORDING[state];
  if (tickets.length === 0) {
    return (
      <Card title={title}>
        <p class="muted">{none}</p>
      </Card>
    );
  }
  const more = count.count > tickets.length;
  return (
    <Card
      title={title}
      flush
      actions={
        <ButtonLink href={listHref(state, queue)} size="sm" variant="quiet">
          {more ? `All ${countLabel(count)}` : "Open as a list"}
        </ButtonLink>
      }
    >
      <MonitorTable tickets={tickets} state={state} caption={title} reader={reader} now={now} />
    </Card>
  );
}

/** The whole list, among all tickets. */
function listHref(state: SlaState, queue: string): string {
  const query = new URLSearchParams(ACTIVE.map((status) => ["status", status]));
  query.set("sla", state);
  if (queue) query.set("queueId", queue);
  query.set("sort", "due");
  return `/tickets?${query}`;
}
