import { countLabel, STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import type { ColumnData } from "./BoardCard.tsx";
import { type BoardProps, type Drag, DraggableCard } from "./DraggableCard.tsx";
import type { TicketStatus } from "./types.ts";

export function BoardColumn({ column, ...board }: BoardProps & { column: ColumnData }) {
  const { drag, onDrop } = board;
  const { status, cards } = column;
  return (
    <section
      id={`column-${status}`}
      class={columnClass(status, drag.value)}
      aria-label={STATUS_LABELS[status]}
      onDragOver={(event) => {
        if (!drag.value) return;
        event.preventDefault();
        if (drag.value.over !== status) drag.value = { ...drag.value, over: status };
      }}
      onDrop={(event) => {
        event.preventDefault();
        if (drag.value) onDrop(drag.value.card, status);
      }}
    >
      <ColumnTitle column={column} />
      <ul class="plain board-cards">
        {cards.map((card) => <DraggableCard key={card.id} {...board} card={card} />)}
        {cards.length === 0 && <li class="board-empty">Nothing here</li>}
      </ul>
      <More column={column} />
    </section>
  );
}

function columnClass(status: TicketStatus, drag: Drag | null): string {
  if (drag?.over !== status) return "board-column";
  const fits = drag.card.status === status || drag.card.allowed.includes(status);
  return `board-column ${fits ? "is-over" : "is-refused"}`;
}

function ColumnTitle({ column: { status, count, href } }: { column: ColumnData }) {
  const total = countLabel(count);
  return (
    <h2 class="board-title">
      {STATUS_LABELS[status]}
      <a class="nav-count" href={href} aria-label={`All ${total} in the list`}>{total}</a>
    </h2>
  );
}

/** A link to the tickets that the column has no card for. */
function More({ column: { cards, count, href, status } }: { column: ColumnData }) {
  if (!count.capped && count.count <= cards.length) return null;
  const rest = countLabel({ count: count.count - cards.length, capped: count.capped });
  return (
    <a class="board-more" href={href}>
      {rest} more <span class="visually-hidden">in {STATUS_LABELS[status]},</span> in the list
    </a>
  );
}
