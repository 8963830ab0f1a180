import { TicketRow, type TicketRowData } from "./TicketRow.tsx";

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
