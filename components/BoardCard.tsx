import { Avatar } from "./Avatar.tsx";
import { PriorityBadge } from "./Badge.tsx";
import { TurnMark } from "./TurnMark.tsx";
import type { Person, Priority, TicketStatus } from "./types.ts";

export interface CardData {
  id: string;
  key: string;
  title: string;
  status: TicketStatus;
  priority: Priority;
  assignee: Person | null;
  requester: string;
  needsReply: boolean;
  version: number;
  /** The statuses it can be moved to. */
  allowed: TicketStatus[];
}

/** A column of the board. */
export interface ColumnData {
  status: TicketStatus;
  cards: CardData[];
  /** All tickets of the status; at least as many where it is capped. */
  count: { count: number; capped: boolean };
  href: string;
}

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
      <TurnMark status={card.status} needsReply={card.needsReply} />
    </>
  );
}
