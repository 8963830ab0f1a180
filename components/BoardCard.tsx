import { Avatar } from "./Avatar.tsx";
import { PriorityBadge } from "./Badge.tsx";
import type { Person, Priority, TicketStatus } from "./types.ts";

/** A ticket as a card of a board. */
export interface CardData {
  id: string;
  key: string;
  title: string;
  status: TicketStatus;
  priority: Priority;
  assignee: Person | null;
  requester: string;
  version: number;
  /** Where it can go, by state. */
  allowed: TicketStatus[];
}

/** A column of the board as the page loads it. */
export interface ColumnData {
  status: TicketStatus;
  cards: CardData[];
  /** How many tickets there are in all; at the cap there are more. */
  count: { count: number; capped: boolean };
  /** The list of all of them. */
  href: string;
}

/** What a card says of its ticket. */
export function BoardCard({ card }: { card: CardData }) {
  return (
    <>
      <div class="board-card-head">
        <PriorityBadge priority={card.priority} />
        <span class="ticket-key">{card.key}</span>
        <span class="board-card-who">
          {card.assignee
            ? (
              <>
                <Avatar person={card.assignee} size="sm" />
                <span class="visually-hidden">{card.assignee.name}</span>
              </>
            )
            : <span class="hint">Unassigned</span>}
        </span>
      </div>
      <a class="board-card-title" href={`/tickets/${card.key}`} draggable={false}>{card.title}</a>
      <span class="hint truncate">{card.requester}</span>
    </>
  );
}
