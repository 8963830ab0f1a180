import { PersonName } from "@/components/Avatar.tsx";
import { PriorityBadge } from "@/components/Badge.tsx";
import { DueMark } from "@/components/DueMark.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { monitoredClock, type SlaState } from "@/domain/sla/monitor.ts";
import { METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";

/** Tickets of a list of the monitor, each with the clock that put it there. */
export function MonitorTable({ tickets, state, caption, reader, now }: {
  tickets: TicketItem[];
  state: SlaState;
  caption: string;
  reader: Reader;
  now: string;
}) {
  return (
    <div class="table-wrap">
      {/* Roles are written out because a changed display takes them away in some browsers. */}
      <table class="table tickets monitor stacks" role="table">
        <caption class="visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th class="c-priority" scope="col" role="columnheader">
              <span class="visually-hidden">Priority</span>
            </th>
            <th class="c-key" scope="col" role="columnheader">Key</th>
            <th class="c-title" scope="col" role="columnheader">Title</th>
            <th class="c-queue" scope="col" role="columnheader">Queue</th>
            <th class="c-assignee" scope="col" role="columnheader">Assignee</th>
            <th class="c-clock" scope="col" role="columnheader">Clock</th>
            <th class="c-due" scope="col" role="columnheader">Due</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {tickets.map((ticket) => (
            <Row key={ticket.id} ticket={ticket} state={state} reader={reader} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ ticket, state, reader, now }: {
  ticket: TicketItem;
  state: SlaState;
  reader: Reader;
  now: string;
}) {
  const words = monitoredClock(state, ticket.sla, now);
  const at = words?.dueAt ? moment(words.dueAt, reader, now) : null;
  return (
    <tr role="row">
      <td class="c-priority" role="cell">
        <PriorityBadge priority={ticket.priority} />
      </td>
      <td class="c-key ticket-key" role="cell">{ticket.key}</td>
      <td class="c-title" role="cell">
        <a class="row-link" href={`/tickets/${ticket.key}`}>{ticket.title}</a>
      </td>
      <td class="c-queue" role="cell">{ticket.queue?.name}</td>
      <td class="c-assignee" role="cell">
        <PersonName person={ticket.assignee} />
      </td>
      <td class="c-clock" role="cell">{words && METRIC_LABELS[words.metric]}</td>
      <td class="c-due" role="cell">
        {words && <DueMark due={{ words, at, label: METRIC_LABELS[words.metric] }} />}
        {at && (
          <span class="due-at">
            <Time at={at} absolute />
          </span>
        )}
      </td>
    </tr>
  );
}
