import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { BoardCard, type CardData, type ColumnData } from "@/components/BoardCard.tsx";
import { MoveDialog, MoveForm } from "@/components/BoardMove.tsx";
import type { TicketStatus } from "@/components/types.ts";
import { countLabel, STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import { type BoardScope, followTickets, withTicket } from "@/browser/board_live.ts";
import {
  type MoveDetails,
  moveTicket,
  needsMore,
  neighbourOf,
  placed,
  viaPage,
} from "@/browser/board_moves.ts";

/** What is carried at the moment: a card, the column it is over, and by what it was picked up. */
interface Carried {
  card: CardData;
  over: TicketStatus;
  by: "mouse" | "keys";
}

/**
 * A queue's tickets by state. Cards are moved with the mouse, or with the keys: Space picks one up, arrows carry it,
 * Enter drops it, Escape puts it back. Where there is no mouse, and without scripts, each card has a form. What others
 * change is shown as it comes, but not while a card is carried.
 */
export function Board({ columns, action, scope }: {
  columns: ColumnData[];
  action: string;
  scope: BoardScope;
}) {
  const shown = useSignal(columns);
  const carried = useSignal<Carried | null>(null);
  const asking = useSignal<{ card: CardData; to: TicketStatus } | null>(null);
  const moving = useSignal(false);
  const said = useSignal("");
  const ready = useSignal(false);
  useEffect(() => {
    ready.value = true;
    return followTickets((id, ticket) => {
      if (carried.value || asking.value || moving.value) return;
      const focused = (document.activeElement as HTMLElement | null)?.id;
      shown.value = withTicket(shown.value, { id, ticket, scope });
      if (focused) requestAnimationFrame(() => document.getElementById(focused)?.focus());
    });
  }, []);

  const move = async (card: CardData, to: TicketStatus, details: MoveDetails = {}) => {
    // What is asked in the reader's own time is worked out by the server.
    if (details.until) return viaPage(card, action, { to, ...details });
    // The card goes at once; when the server refuses it comes back.
    shown.value = placed(shown.value, { ...card, status: to }, card.status);
    moving.value = true;
    const result = await moveTicket(card, to, details);
    moving.value = false;
    shown.value = placed(shown.value, result.card, to);
    said.value = result.problem ?? `${card.key} is now ${STATUS_LABELS[result.card.status]}`;
    focusCard(card);
  };
  const drop = (card: CardData, to: TicketStatus) => {
    carried.value = null;
    if (to === card.status) return void (said.value = `${card.key} stays in ${STATUS_LABELS[to]}`);
    if (!card.allowed.includes(to)) {
      said.value = `${card.key} can't go from ${STATUS_LABELS[card.status]} to ${STATUS_LABELS[to]}`;
      return;
    }
    if (needsMore(to)) asking.value = { card, to };
    else void move(card, to);
  };
  const press = (event: KeyboardEvent, card: CardData) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const order = shown.value.map(({ status }) => status);
    const held = carried.value?.card.id === card.id ? carried.value : null;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = held ? null : neighbourOf(shown.value, card, event.key);
    if (next) focusCard(next);
    else if (!held && event.key === " ") {
      carried.value = { card, over: card.status, by: "keys" };
      said.value = `${card.key} is picked up. Arrow keys carry it, Enter drops it, Escape puts it back`;
    } else if (held && step !== undefined) {
      const over = order[Math.min(Math.max(order.indexOf(held.over) + step, 0), order.length - 1)]!;
      carried.value = { ...held, over };
      said.value = card.allowed.includes(over) || over === card.status
        ? `Over ${STATUS_LABELS[over]}`
        : `Over ${STATUS_LABELS[over]}: it can't go there`;
      document.getElementById(`column-${over}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (held && (event.key === "Enter" || event.key === " ")) drop(card, held.over);
    else if (held && event.key === "Escape") drop(card, card.status);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <p data-island class="board-said" role="status">
        {said.value || (ready.value && <span class="board-hint">Drag a card, or press Space on it</span>)}
      </p>
      <div data-island class={ready.value ? "board is-ready" : "board"}>
        {shown.value.map((column) => (
          <section
            key={column.status}
            id={`column-${column.status}`}
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
            <ColumnTitle column={column} />
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
                    carried.value = { card, over: card.status, by: "mouse" };
                  }}
                  onDragEnd={() => carried.value = null}
                  onBlur={(event) => {
                    if (event.target === event.currentTarget && carried.value?.by === "keys") {
                      carried.value = null;
                    }
                  }}
                  onKeyDown={(event) => press(event, card)}
                >
                  <BoardCard card={card} />
                  <MoveForm card={card} action={action} onMove={(to) => drop(card, to)} />
                </li>
              ))}
              {column.cards.length === 0 && <li class="board-empty">Nothing here</li>}
            </ul>
            <More column={column} />
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
            else drop(card, card.status);
            focusCard(card);
          }}
        />
      )}
    </>
  );
}

function focusCard({ id }: CardData): void {
  document.getElementById(`card-${id}`)?.focus();
}

function columnClass(status: TicketStatus, carried: Carried | null): string {
  if (carried?.over !== status) return "board-column";
  const fits = carried.card.status === status || carried.card.allowed.includes(status);
  return `board-column ${fits ? "is-over" : "is-refused"}`;
}

function ColumnTitle({ column }: { column: ColumnData }) {
  const count = countLabel(column.count);
  return (
    <h2 class="board-title">
      {STATUS_LABELS[column.status]}
      <a class="nav-count" href={column.href} aria-label={`All ${count} in the list`}>{count}</a>
    </h2>
  );
}

/** The way to what the column has no card for. */
function More({ column: { cards, count, href, status } }: { column: ColumnData }) {
  if (!count.capped && count.count <= cards.length) return null;
  const rest = countLabel({ count: count.count - cards.length, capped: count.capped });
  return (
    <a class="board-more" href={href}>
      {rest} more <span class="visually-hidden">in {STATUS_LABELS[status]},</span> in the list
    </a>
  );
}
