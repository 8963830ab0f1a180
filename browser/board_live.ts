import type { CardData, ColumnData } from "@/components/BoardCard.tsx";
import { coalesce, onNews } from "./live.ts";
import { placed } from "./board_moves.ts";

/** Which tickets a board holds: of one queue, and of one person, nobody, or all. */
export interface BoardScope {
  queueId: string;
  /** A person's id, "none", or null for all. */
  assigneeId: string | null;
}

/** After the first of several changes, and between two looks, in milliseconds. */
const PACE = { afterMs: 300, everyMs: 1_500 };
/** Tickets that are asked for at one look; of more the rest comes with the next. */
const AT_ONCE = 10;

interface Ticket extends Omit<CardData, "requester" | "allowed"> {
  requester: { name: string };
  queue: { id: string } | null;
  allowedTransitions: CardData["allowed"];
}

/**
 * Looks up each ticket that changes and has `show` called with it, null where it is out of sight.
 *
 * @returns how to stop
 */
export function followTickets(show: (id: string, ticket: Ticket | null) => void): () => void {
  const changed = new Set<string>();
  const look = coalesce(async () => {
    const ids = [...changed].slice(0, AT_ONCE);
    for (const id of ids) changed.delete(id);
    await Promise.all(ids.map(async (id) => {
      const response = await fetch(`/v1/tickets/${id}`).catch(() => null);
      if (response?.ok) show(id, await response.json());
      else if (response?.status === 404) show(id, null);
    }));
    if (changed.size > 0) look.ask();
  }, PACE);
  const deafen = onNews((news) => {
    if (news.kind !== "change" || news.entity !== "ticket") return;
    changed.add(news.entityId);
    look.ask();
  });
  return () => {
    deafen();
    look.stop();
  };
}

/** The columns with a ticket as it is now: changed where it stands, moved, come in, or gone. */
export function withTicket(
  columns: ColumnData[],
  { id, ticket, scope }: { id: string; ticket: Ticket | null; scope: BoardScope },
): ColumnData[] {
  const known = columns.flatMap(({ cards }) => cards).find((card) => card.id === id);
  const belongs = ticket && ticket.queue?.id === scope.queueId &&
    (scope.assigneeId === null || (ticket.assignee?.id ?? "none") === scope.assigneeId) &&
    columns.some(({ status }) => status === ticket.status);
  if (!belongs) return known ? without(columns, known) : columns;
  const card = cardOf(ticket);
  if (known && known.version > card.version) return columns;
  if (known?.status === card.status) {
    return columns.map((column) => ({
      ...column,
      cards: column.cards.map((one) => one.id === id ? card : one),
    }));
  }
  if (known) return placed(columns, card, known.status);
  return columns.map((column) => {
    if (column.status !== card.status) return column;
    // It may be one of those that the column counts and doesn't show.
    const counted = column.count.count > column.cards.length;
    const count = column.count.count + (counted ? 0 : 1);
    return { ...column, cards: [card, ...column.cards], count: { ...column.count, count } };
  });
}

function without(columns: ColumnData[], { id, status }: CardData): ColumnData[] {
  return columns.map((column) =>
    column.status === status
      ? {
        ...column,
        cards: column.cards.filter((card) => card.id !== id),
        count: { ...column.count, count: column.count.count - 1 },
      }
      : column
  );
}

function cardOf(ticket: Ticket): CardData {
  const { id, key, title, status, priority, assignee, version } = ticket;
  return {
    ...{ id, key, title, status, priority, version },
    assignee: assignee && { id: assignee.id, name: assignee.name },
    requester: ticket.requester.name,
    allowed: ticket.allowedTransitions,
  };
}
