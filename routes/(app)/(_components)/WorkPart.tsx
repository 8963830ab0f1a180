import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import type { TicketRowData } from "@/components/TicketRow.tsx";
import { TicketTable } from "@/components/TicketTable.tsx";
import type { Work } from "@/domain/dashboard/model.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import { FigureCard, FigureLink } from "./FigureCard.tsx";

/** What an agent has to do, and could take. For `leads` without tickets of their own it is what nobody has taken. */
export function WorkPart({ work, rows, leads }: {
  work: Work;
  rows: (items: TicketItem[]) => TicketRowData[];
  leads: boolean;
}) {
  const { assigned, needsReply, breached, unassigned, dueNext, waiting, toTake, queues } = work;
  return (
    <>
      {(!leads || assigned.count > 0) && (
        <>
          <div class="cards">
            <FigureCard label="Assigned to me" figure={assigned} icon="user" />
            <FigureCard label="Waiting for my reply" figure={needsReply} icon="arrow" />
            <FigureCard label="Mine with a breach" figure={breached} icon="alert" />
            <FigureCard label="Unassigned" figure={unassigned} icon="inbox" />
          </div>
          <Card title="My work, due next" flush>
            {dueNext.length > 0
              ? <TicketTable tickets={rows(dueNext)} caption="My work, due next" />
              : (
                <EmptyState
                  icon="check"
                  title="No tickets are assigned to you"
                  actions={<ButtonLink href={unassigned.list}>See unassigned tickets</ButtonLink>}
                />
              )}
          </Card>
        </>
      )}
      {waiting.length > 0 && (
        <Card title="Waiting for my reply" flush>
          <TicketTable tickets={rows(waiting)} caption="Waiting for my reply" />
        </Card>
      )}
      {queues.length > 0 && (
        <Card title="My queues" flush>
          <ul class="plain home-queues">
            {queues.map(({ queue, active, unassigned }) => (
              <li key={queue.id}>
                <bdi>{queue.name}</bdi>
                <FigureLink figure={active} word="open" />
                <FigureLink figure={unassigned} word="unassigned" />
              </li>
            ))}
          </ul>
        </Card>
      )}
      {toTake.length > 0 && (
        <Card
          title="Unassigned tickets"
          actions={<FigureLink figure={unassigned} word="in all" />}
          flush
        >
          <TicketTable tickets={rows(toTake)} caption="Unassigned tickets" />
        </Card>
      )}
    </>
  );
}
