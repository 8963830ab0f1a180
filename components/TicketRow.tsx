import { PersonName } from "./Avatar.tsx";
import { PriorityBadge, StatusBadge } from "./Badge.tsx";
import { TurnMark } from "./TurnMark.tsx";
import { type Due, DueMark } from "./DueMark.tsx";
import { Time } from "./Time.tsx";
import type { Moment, Person, Priority, TicketStatus } from "./types.ts";

export interface TicketRowData {
  id: string;
  key: string;
  href: string;
  title: string;
  status: TicketStatus;
  priority: Priority;
  requester: Person | null;
  assignee: Person | null;
  queue: string | null;
  updated: Moment;
  /** Null where nothing is due; where no row has it there is no column. */
  due?: Due | null | undefined;
  unread?: boolean | undefined;
  needsReply?: boolean | undefined;
}

/** One ticket of the table; the whole row follows the title's link. */
export function TicketRow({ ticket, selectIn, hasDue }: {
  ticket: TicketRowData;
  selectIn: string | undefined;
  hasDue: boolean;
}) {
  return (
    <tr role="row" class={ticket.unread ? "is-unread" : undefined} data-id={ticket.id}>
      {selectIn && (
        <td class="c-select" role="cell">
          <input
            type="checkbox"
            name="id"
            value={ticket.id}
            form={selectIn}
            aria-label={`Select ${ticket.key}`}
          />
        </td>
      )}
      <td class="c-priority" role="cell">
        <PriorityBadge priority={ticket.priority} />
      </td>
      <td class="c-key ticket-key" role="cell">{ticket.key}</td>
      <td class="c-title" role="cell">
        <a class="row-link" href={ticket.href}>{ticket.title}</a>
      </td>
      <td class="c-status" role="cell">
        <StatusBadge status={ticket.status} />
        <TurnMark status={ticket.status} needsReply={ticket.needsReply} />
      </td>
      <td class="c-queue" role="cell">{ticket.queue}</td>
      <td class="c-requester" role="cell">
        {ticket.requester?.name}
        {ticket.requester?.address && <div class="small truncate">{ticket.requester.address}</div>}
      </td>
      <td class="c-assignee" role="cell">
        <PersonName person={ticket.assignee} />
      </td>
      {hasDue && <td class="c-due" role="cell">{ticket.due && <DueMark due={ticket.due} />}</td>}
      <td class="c-updated" role="cell">
        <Time at={ticket.updated} />
      </td>
    </tr>
  );
}
