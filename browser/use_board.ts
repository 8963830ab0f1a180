import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CardData, ColumnData } from "@/components/BoardCard.tsx";
import type { Drag } from "@/components/DraggableCard.tsx";
import type { TicketStatus } from "@/components/types.ts";
import { STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import {
  type MoveDetails,
  moveTicket,
  needsDetails,
  neighbourOf,
  placeCard,
  submitMove,
} from "./board_moves.ts";
import { applyTicket, type BoardScope, watchTickets } from "./board_updates.ts";

/** A board's columns, and how its cards are moved. What others change is shown at once, but not during a move. */
export function useBoard({ columns, action, scope }: {
  columns: ColumnData[];
  action: string;
  scope: BoardScope;
}) {
  const shown = useSignal(columns);
  const drag = useSignal<Drag | null>(null);
  /** A move that waits for its details. */
  const pending = useSignal<{ card: CardData; to: TicketStatus } | null>(null);
  const isMoving = useSignal(false);
  const announcement = useSignal("");
  const isReady = useSignal(false);
  useEffect(() => {
    isReady.value = true;
    return watchTickets((id, ticket) => {
      if (drag.value || pending.value || isMoving.value) return;
      const focused = (document.activeElement as HTMLElement | null)?.id;
      shown.value = applyTicket(shown.value, { id, ticket, scope });
      if (focused) requestAnimationFrame(() => document.getElementById(focused)?.focus());
    });
  }, []);

  const move = async (card: CardData, to: TicketStatus, details: MoveDetails = {}) => {
    // The server knows the reader's time zone.
    if (details.until) return submitMove(card, action, { to, ...details });
    // Shown at once, and back again where the server refuses it.
    shown.value = placeCard(shown.value, { ...card, status: to }, card.status);
    isMoving.value = true;
    const result = await moveTicket(card, to, details);
    isMoving.value = false;
    shown.value = placeCard(shown.value, result.card, to);
    announcement.value = result.problem ?? `${card.key} is now ${STATUS_LABELS[result.card.status]}`;
    focusCard(card);
  };
  const drop = (card: CardData, to: TicketStatus) => {
    drag.value = null;
    if (to === card.status) return void (announcement.value = `${card.key} stays in ${STATUS_LABELS[to]}`);
    if (!card.allowed.includes(to)) {
      const [from, target] = [STATUS_LABELS[card.status], STATUS_LABELS[to]];
      return void (announcement.value = `${card.key} can't go from ${from} to ${target}`);
    }
    if (needsDetails(to)) pending.value = { card, to };
    else void move(card, to);
  };
  const finish = (details: MoveDetails | null) => {
    const { card, to } = pending.value!;
    pending.value = null;
    if (details) void move(card, to, details);
    else drop(card, card.status);
    focusCard(card);
  };
  const dragOver = (current: Drag, step: number) => {
    const { card } = current;
    const order = shown.value.map(({ status }) => status);
    const over = order[Math.min(Math.max(order.indexOf(current.over) + step, 0), order.length - 1)]!;
    drag.value = { ...current, over };
    const fits = card.allowed.includes(over) || over === card.status;
    announcement.value = `Over ${STATUS_LABELS[over]}${fits ? "" : ": it can't go there"}`;
    document.getElementById(`column-${over}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const press = (event: KeyboardEvent, card: CardData) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const current = drag.value?.card.id === card.id ? drag.value : null;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = current ? null : neighbourOf(shown.value, card, event.key);
    if (next) focusCard(next);
    else if (!current && event.key === " ") {
      drag.value = { card, over: card.status, by: "keyboard" };
      announcement.value =
        `${card.key} picked up. Move it with the arrow keys, Enter drops it, Escape cancels`;
    } else if (current && step !== undefined) dragOver(current, step);
    else if (current && (event.key === "Enter" || event.key === " ")) drop(card, current.over);
    else if (current && event.key === "Escape") drop(card, card.status);
    else return;
    event.preventDefault();
  };
  return { shown, drag, pending, announcement, isReady, press, drop, finish };
}

function focusCard({ id }: CardData): void {
  document.getElementById(`card-${id}`)?.focus();
}
