import { useEffect, useRef } from "preact/hooks";
import { STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { CardData } from "./BoardCard.tsx";
import { TransitionFields } from "./TransitionFields.tsx";
import type { TicketStatus } from "./types.ts";

/** Moves a card on touch screens, by `onMove`; without scripts it is posted to `action`. */
export function MoveForm({ card, action, onMove }: {
  card: CardData;
  action: string;
  onMove: (to: TicketStatus) => void;
}) {
  if (card.allowed.length === 0) return null;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const to = new FormData(event.currentTarget as HTMLFormElement).get("to");
    onMove(String(to) as TicketStatus);
  };
  return (
    <form class="board-move" method="post" action={action} onSubmit={send}>
      <input type="hidden" name="ticket" value={card.key} />
      <input type="hidden" name="version" value={card.version} />
      <select class="input" name="to" aria-label={`Move ${card.key} to`}>
        {card.allowed.map((to) => <option key={to} value={to}>{STATUS_LABELS[to]}</option>)}
      </select>
      <button class="button button-secondary button-sm" type="submit">Move</button>
    </form>
  );
}

export function moveTitle(key: string, to: TicketStatus): string {
  return to === "resolved" ? `Resolve ${key}` : `Set ${key} to pending`;
}

export function moveWord(to: TicketStatus): string {
  return to === "resolved" ? "Resolve" : "Set pending";
}

/** Asks for the details of a move: a resolution note, a reason to wait. `onDone` gets null when it is cancelled. */
export function MoveDialog({ card, to, onDone }: {
  card: CardData;
  to: TicketStatus;
  onDone: (details: Record<string, string> | null) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const typed = [...data].map(([name, value]) => [name, String(value)]).filter(([, value]) => value !== "");
    onDone(Object.fromEntries(typed));
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="move-title"
      onCancel={(event) => {
        event.preventDefault();
        onDone(null);
      }}
    >
      <form class="form" method="dialog" onSubmit={send}>
        <h2 id="move-title">{moveTitle(card.key, to)}</h2>
        <TransitionFields to={to} />
        <div class="form-actions">
          <button class="button button-primary" type="submit">{moveWord(to)}</button>
          <button class="button button-quiet" type="button" onClick={() => onDone(null)}>Cancel</button>
        </div>
      </form>
    </dialog>
  );
}
