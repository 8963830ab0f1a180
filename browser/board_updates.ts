import type { CardData, ColumnData } from "@/components/BoardCard.tsx";
import { placeCard } from "./board_moves.ts";
import { coalesce, subscribe } from "./live_events.ts";

/** Which tickets a board shows: those of a queue, and of one person, nobody, or all. */
export interface BoardScope {
  queueId: string;
  /** A person's id, "none", or null for all. */
  assigneeId: string | null;
}

const PACE = { afterMs: 300, everyMs: 1_500 };
const BATCH = 10;

interface Ticket extends Omit<CardData, "requester" | "allowed"> {
  requester: { name: string };
  queue: { id: string } | null;
  allowedTransitions: CardData["allowed"];
}

/** Calls `onChange` with each ticket that changes; null is one that the person can't see any more. */
export function watchTickets(onChange: (id: string, ticket: Ticket | null) => void): () => void {
  const changed = new Set<string>();
  const fetching = coalesce(async () => {
    const ids = [...changed].slice(0, BATCH);
    for (const id of ids) changed.delete(id);
    await Promise.all(ids.map(async (id) => {
      const response = await fetch(`/v1/tickets/${id}`).catch(() => null);
      if (response?.ok) onChange(id, await response.json());
      else if (response?.status === 404) onChange(id, null);
    }));
    if (changed.size > 0) fetching.ask();
  }, PACE);
  const unsubscribe = subscribe((event) => {
    if (event.kind !== "change" || event.entity !== "ticket") return;
    changed.add(event.entityId);
    fetching.ask();
  });
  return () => {
    unsubscribe();
    fetching.stop();
  };
}

/** The columns after a ticket changed, moved, came in or left. */
export function applyTicket(
  columns: ColumnData[],
  { id, ticket, scope }: { id: string; ticket: Ticket | null; scope: BoardScope },
): ColumnData[] {
  const shown = columns.flatMap(({ cards }) => cards).find((card) => card.id === id);
  const belongs = ticket && ticket.queue?.id === scope.queueId &&
    (scope.assigneeId === null || (ticket.assignee?.id ?? "none") === scope.assigneeId) &&
    columns.some(({ status }) => status === ticket.status);
  if (!belongs) return shown ? removeCard(columns, shown) : columns;
  const card = cardOf(ticket);
  if (shown && shown.version > card.version) return columns;
  if (shown?.status === card.status) {
    return columns.map((column) => ({
      ...column,
      cards: column.cards.map((one) => one.id === id ? card : one),
    }));
  }
  if (shown) return placeCard(columns, card, shown.status);
  return columns.map((column) => {
    if (column.status !== card.status) return column;
    // It may be one that the column counts without showing it.
    const counted = column.count.count > column.cards.length;
    const count = column.count.count + (counted ? 0 : 1);
    return { ...column, cards: [card, ...column.cards], count: { ...column.count, count } };
  });
}

function removeCard(columns: ColumnData[], { id, status }: CardData): ColumnData[] {
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
  const { id, key, title, status, priority, needsReply, assignee, version } = ticket;
  return {
    ...{ id, key, title, status, priority, needsReply, version },
    assignee: assignee && { id: assignee.id, name: assignee.name },
    requester: ticket.requester.name,
    allowed: ticket.allowedTransitions,
  };
}
