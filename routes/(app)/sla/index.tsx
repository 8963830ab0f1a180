import { page } from "fresh";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { StatCard } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { Icon } from "@/components/Icon.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS, STAFF } from "@/domain/permissions.ts";
import { Monitor, type MonitoredList, readMonitor } from "@/domain/sla/monitor.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { countLabel } from "@/domain/tickets/model/formatting.ts";
import type { Named } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { AutoFilter } from "@/islands/AutoFilter.tsx";
import { load } from "@/pages/load.ts";
import { MonitorSection } from "./(_components)/MonitorSection.tsx";
import { listHref, LISTS } from "./(_data)/monitor_lists.ts";

interface Data {
  lists: MonitoredList[];
  queues: Named[];
  /** The queue that is chosen; "" for any. */
  queue: string;
  now: string;
}

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
            label={LISTS[of].label}
            value={countLabel(count)}
            icon={LISTS[of].icon}
            href={listHref(of, queue)}
          />
        ))}
      </div>
      {quiet
        ? (
          <EmptyState
            icon="clock"
            title={queue ? "No targets in this queue" : "No targets to monitor"}
            actions={queue
              ? <ButtonLink href="/sla">All queues</ButtonLink>
              : MANAGERS.includes(actor.role) && <ButtonLink href="/admin/sla">SLA policies</ButtonLink>}
          >
            Open tickets with an SLA target show here, the most urgent first.
          </EmptyState>
        )
        : lists.map((list) => (
          <MonitorSection key={list.state} list={list} queue={queue} reader={actor} now={data.now} />
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
