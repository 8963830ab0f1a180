import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import type { Reader } from "@/domain/shared/moment.ts";
import type { MonitoredList } from "@/domain/sla/monitor.ts";
import { countLabel } from "@/domain/tickets/model/formatting.ts";
import { listHref, LISTS } from "@/routes/(app)/sla/(_data)/monitor_lists.ts";
import { MonitorTable } from "./MonitorTable.tsx";

/** One list of the monitor: its first tickets, and a link to all of them. */
export function MonitorSection({ list, queue, reader, now }: {
  list: MonitoredList;
  queue: string;
  reader: Reader;
  now: string;
}) {
  const { state, tickets, count } = list;
  const { title, none } = LISTS[state];
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
