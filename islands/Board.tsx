import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { BoardCard, type CardData } from "../components/BoardCard.tsx";
import type { TicketStatus } from "../components/types.ts";
import { PENDING_LABELS, STATUS_LABELS } from "../domain/tickets/formatting.ts";
import { type MoveDetails, moveTicket } from "./board_moves.ts";

/** A column of the board as the page loads it. */
export interface ColumnData {
  status: TicketStatus;
  cards: CardData[];
  /** How many tickets there are in all, worded. */
  count: string;
  /** The list of all of them. */
  href: string;
}

/** What is carried at the moment: a card, and the column it is over. */
interface Carried {
  card: CardData;
  over: TicketStatus;
}

/**
 * A queue's tickets by state. Cards are moved with the mouse, or with the keys: Space picks one up, arrows carry it,
 * Enter drops it, Escape puts it back. Without scripts each card has a form.
 */
export function Board({ columns, action }: { columns: ColumnData[]; action: string }) {
  const shown = useSignal(columns);
  const carried = useSignal<Carried | null>(null);
  const asking = useSignal<{ card: CardData; to: TicketStatus } | null>(null);
  const said = useSignal("");
  const ready = useSignal(false);
  useEffect(() => {
    ready.value = true;
  }, []);

  const place = (card: CardData, from: TicketStatus) => {
    shown.value = shown.value.map((column) => {
      const rest = column.status === from || column.status === card.status
        ? column.cards.filter(({ id }) => id !== card.id)
        : column.cards;
      return { ...column, cards: column.status === card.status ? [card, ...rest] : rest };
    });
  };
  const move = async (card: CardData, to: TicketStatus, details: MoveDetails = {}) => {
    const from = card.status;
    // The card goes at once; when the server refuses it comes back.
    place({ ...card, status: to }, from);
    const result = await moveTicket(card, to, details);
    place(result.card, to);
    said.value = result.problem ?? `${card.key} is now ${STATUS_LABELS[result.card.status]}`;
    document.getElementById(`card-${card.id}`)?.focus();
  };
  const drop = (card: CardData, to: TicketStatus) => {
    carried.value = null;
    if (to === card.status) return;
    if (!card.allowed.includes(to)) {
      said.value = `${card.key} can't go from ${STATUS_LABELS[card.status]} to ${STATUS_LABELS[to]}`;
      return;
    }
    if (to === "resolved" || to === "pending") asking.value = { card, to };
    else void move(card, to);
  };
  const press = (event: KeyboardEvent, card: CardData) => {
    if ((event.target as HTMLElement).closest("a, button, select, summary, form")) return;
    const order = shown.value.map(({ status }) => status);
    const held = carried.value?.card.id === card.id ? carried.value : null;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!held && event.key === " ") {
      carried.value = { card, over: card.status };
      said.value = `${card.key} is picked up. Arrow keys carry it, Enter drops it, Escape puts it back`;
    } else if (held && step !== undefined) {
      const next = order[Math.min(Math.max(order.indexOf(held.over) + step, 0), order.length - 1)]!;
      carried.value = { card, over: next };
      said.value = card.allowed.includes(next) || next === card.status
        ? `Over ${STATUS_LABELS[next]}`
        : `Over ${STATUS_LABELS[next]}: it can't go there`;
    } else if (held && (event.key === "Enter" || event.key === " ")) drop(card, held.over);
    else if (held && event.key === "Escape") {
      carried.value = null;
      said.value = `${card.key} stays in ${STATUS_LABELS[card.status]}`;
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <p class="board-said" role="status">{said.value}</p>
      <div class="board">
        {shown.value.map((column) => (
          <section
            key={column.status}
            class={columnClass(column.status, carried.value)}
            aria-label={STATUS_LABELS[column.status]}
            onDragOver={(event) => {
              const held = carried.value;
              if (!held) return;
              event.preventDefault();
              if (held.over !== column.status) carried.value = { ...held, over: column.status };
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (carried.value) drop(carried.value.card, column.status);
            }}
          >
            <h2 class="board-title">
              {STATUS_LABELS[column.status]}
              <a class="nav-count" href={column.href} aria-label={`All ${column.count} in the list`}>
                {column.count}
              </a>
            </h2>
            <ul class="plain board-cards">
              {column.cards.map((card) => (
                <li
                  key={card.id}
                  id={`card-${card.id}`}
                  class={carried.value?.card.id === card.id ? "board-card is-carried" : "board-card"}
                  tabIndex={ready.value ? 0 : undefined}
                  aria-roledescription={ready.value ? "card that can be moved" : undefined}
                  aria-label={ready.value ? `${card.key} ${card.title}` : undefined}
                  draggable={ready.value}
                  onDragStart={(event) => {
                    event.dataTransfer?.setData("text/plain", card.key);
                    carried.value = { card, over: card.status };
                  }}
                  onDragEnd={() => carried.value = null}
                  onKeyDown={(event) => press(event, card)}
                >
                  <BoardCard card={card} />
                  {!ready.value && <MoveForm card={card} action={action} />}
                </li>
              ))}
              {column.cards.length === 0 && <li class="board-empty">Nothing here</li>}
            </ul>
          </section>
        ))}
      </div>
      {asking.value && (
        <MoveDialog
          {...asking.value}
          onDone={(details) => {
            const { card, to } = asking.value!;
            asking.value = null;
            if (details) void move(card, to, details);
            else document.getElementById(`card-${card.id}`)?.focus();
          }}
        />
      )}
    </>
  );
}

function columnClass(status: TicketStatus, carried: Carried | null): string {
  if (carried?.over !== status) return "board-column";
  const fits = carried.card.status === status || carried.card.allowed.includes(status);
  return `board-column ${fits ? "is-over" : "is-refused"}`;
}

/** What needs nothing but the state, as a form of the page; the rest is on the ticket. */
function MoveForm({ card, action }: { card: CardData; action: string }) {
  const states = card.allowed.filter((to) => !["resolved", "pending", "closed"].includes(to));
  if (states.length === 0) return null;
  return (
    <form class="board-move" method="post" action={action}>
      <input type="hidden" name="ticket" value={card.key} />
      <input type="hidden" name="version" value={card.version} />
      <select class="input" name="to" aria-label={`Move ${card.key} to`}>
        {states.map((to) => <option key={to} value={to}>{STATUS_LABELS[to]}</option>)}
      </select>
      <button class="button button-secondary button-sm" type="submit">Move</button>
    </form>
  );
}

/** Asks for what a move needs: a note to resolve, a reason to wait. */
function MoveDialog({ card, to, onDone }: {
  card: CardData;
  to: TicketStatus;
  onDone: (details: MoveDetails | null) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const details = Object.fromEntries([...data].map(([name, value]) => [name, String(value)]));
    onDone(details);
  };
  return (
    <dialog ref={dialog} aria-labelledby="move-title" onCancel={() => onDone(null)}>
      {/* "dialog" keeps the page's own handling of sent forms away. */}
      <form class="form" method="dialog" onSubmit={send}>
        <h2 id="move-title">{to === "resolved" ? `Resolve ${card.key}` : `${card.key} waits`}</h2>
        {to === "resolved"
          ? (
            <div class="field">
              <label class="label" for="move-note">Resolution note</label>
              <textarea class="input" id="move-note" name="note" rows={4} required autofocus />
              <p class="hint">The requester reads this</p>
            </div>
          )
          : (
            <div class="field">
              <label class="label" for="move-reason">Waiting for</label>
              <select class="input" id="move-reason" name="reason">
                {(["requester", "vendor"] as const).map((reason) => (
                  <option key={reason} value={reason}>{PENDING_LABELS[reason]}</option>
                ))}
              </select>
            </div>
          )}
        <div class="form-actions">
          <button class="button button-primary" type="submit">
            {to === "resolved" ? "Resolve" : "Wait"}
          </button>
          <button class="button button-quiet" type="button" onClick={() => onDone(null)}>Cancel</button>
        </div>
      </form>
    </dialog>
  );
}
