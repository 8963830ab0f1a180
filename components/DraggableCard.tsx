import type { Signal } from "@preact/signals";
import { BoardCard, type CardData } from "./BoardCard.tsx";
import { MoveForm } from "./BoardMove.tsx";
import type { TicketStatus } from "./types.ts";

/** A card that is picked up, and the column it is over. */
export interface Drag {
  card: CardData;
  over: TicketStatus;
  by: "mouse" | "keyboard";
}

export interface BoardProps {
  /** Where moves are posted without scripts. */
  action: string;
  drag: Signal<Drag | null>;
  /** Whether cards can be dragged yet. */
  isReady: boolean;
  onPress: (event: KeyboardEvent, card: CardData) => void;
  onDrop: (card: CardData, to: TicketStatus) => void;
}

/** A card that is dragged with the mouse or the keyboard; where there is neither it has a form. */
export function DraggableCard(
  { card, action, drag, isReady, onPress, onDrop }: BoardProps & { card: CardData },
) {
  return (
    <li
      id={`card-${card.id}`}
      class={drag.value?.card.id === card.id ? "board-card is-carried" : "board-card"}
      tabIndex={isReady ? 0 : undefined}
      aria-roledescription={isReady ? "draggable card" : undefined}
      aria-label={isReady ? `${card.key} ${card.title}` : undefined}
      draggable={isReady}
      onDragStart={(event) => {
        event.dataTransfer?.setData("text/plain", card.key);
        drag.value = { card, over: card.status, by: "mouse" };
      }}
      onDragEnd={() => drag.value = null}
      onBlur={(event) => {
        if (event.target === event.currentTarget && drag.value?.by === "keyboard") drag.value = null;
      }}
      onKeyDown={(event) => onPress(event, card)}
    >
      <BoardCard card={card} />
      <MoveForm card={card} action={action} onMove={(to) => onDrop(card, to)} />
    </li>
  );
}
