import { PersonName } from "./Avatar.tsx";
import { PriorityBadge, StatusBadge } from "./Badge.tsx";
import { type Due, DueMark } from "./SlaClock.tsx";
import { Time } from "./Time.tsx";
import type { Moment, Person, Priority, TicketStatus } from "./types.ts";

/** A ticket as a list shows it. */
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
  /** When it is due; null when nothing is. Where no row has it there is no column. */
  due?: Due | null | undefined;
  unread?: boolean | undefined;
}

/**
 * Tickets as a table; where there is no room for columns each row stacks. `caption` is for screen readers; with
 * `selectIn` each row has a box that belongs to the form of that id.
 */
export function TicketTable({ tickets, caption, selectIn }: {
  tickets: TicketRowData[];
  caption: string;
  selectIn?: string | undefined;
}) {
  const hasDue = tickets.some(({ due }) => due !== undefined);
  return (
    <div class="table-wrap">
      {/* Roles are written out because a changed display takes them away in some browsers. */}
      <table class="table tickets stacks" role="table">
        <caption class="visually-hidden">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {selectIn && (
              <th class="c-select" scope="col" role="columnheader">
                <span class="visually-hidden">Select</span>
              </th>
            )}
            <th class="c-priority" scope="col" role="columnheader">
              <span class="visually-hidden">Priority</span>
            </th>
            <th class="c-key" scope="col" role="columnheader">Key</th>
            <th class="c-title" scope="col" role="columnheader">Title</th>
            <th class="c-status" scope="col" role="columnheader">Status</th>
            <th class="c-queue" scope="col" role="columnheader">Queue</th>
            <th class="c-requester" scope="col" role="columnheader">Requester</th>
            <th class="c-assignee" scope="col" role="columnheader">Assignee</th>
            {hasDue && <th class="c-due" scope="col" role="columnheader">Due</th>}
            <th class="c-updated" scope="col" role="columnheader">Updated</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {tickets.map((ticket) => (
            <TicketRow key={ticket.key} ticket={ticket} selectIn={selectIn} hasDue={hasDue} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One ticket of the table; the whole row follows the title's link. */
export function TicketRow({ ticket, selectIn, hasDue = false }: {
  ticket: TicketRowData;
  selectIn?: string | undefined;
  hasDue?: boolean | undefined;
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
      </td>
      <td class="c-queue" role="cell">{ticket.queue}</td>
      <td class="c-requester" role="cell">{ticket.requester?.name}</td>
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
