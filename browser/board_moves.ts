import type { CardData, ColumnData } from "@/components/BoardCard.tsx";
import type { TicketStatus } from "@/components/types.ts";
import { STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";

export interface MoveDetails {
  note?: string;
  reason?: string;
  /** In the time zone of the reader's profile. */
  until?: string;
}

export function needsDetails(to: TicketStatus): boolean {
  return to === "resolved" || to === "pending";
}

/** Moves a card's ticket, based on the version that the card shows. A refusal is a `problem`; never throws. */
export async function moveTicket(
  card: CardData,
  to: TicketStatus,
  details: MoveDetails,
): Promise<{ card: CardData; problem?: string }> {
  try {
    const response = await fetch(`/v1/tickets/${card.id}/transitions`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ to, version: card.version, ...details }),
    });
    const body = await response.json();
    if (response.ok) return { card: updatedCard(card, body) };
    if (body.current) {
      const now = updatedCard(card, body.current);
      return {
        card: now,
        problem: `Somebody else changed ${card.key} in the meantime: it is ${STATUS_LABELS[now.status]}`,
      };
    }
    const reason = body.errors?.[0]?.message ?? body.detail ?? body.title;
    return { card, problem: `${card.key} stays in ${STATUS_LABELS[card.status]}: ${reason}` };
  } catch {
    return { card, problem: `${card.key} was not moved: the server can't be reached` };
  }
}

interface MovedTicket {
  title: string;
  status: TicketStatus;
  priority: CardData["priority"];
  assignee: CardData["assignee"];
  version: number;
  allowedTransitions: TicketStatus[];
}

function updatedCard(card: CardData, ticket: MovedTicket): CardData {
  const { title, status, priority, assignee, version, allowedTransitions } = ticket;
  return { ...card, title, status, priority, assignee, version, allowed: allowedTransitions };
}

/** The columns with a card on top of its status's column, moved there from the column `from`. */
export function placeCard(columns: ColumnData[], card: CardData, from: TicketStatus): ColumnData[] {
  return columns.map((column) => {
    const isTarget = column.status === card.status;
    const isSource = column.status === from;
    if (!isTarget && !isSource) return column;
    const rest = column.cards.filter(({ id }) => id !== card.id);
    const count = column.count.count + Number(isTarget) - Number(isSource);
    return { ...column, cards: isTarget ? [card, ...rest] : rest, count: { ...column.count, count } };
  });
}

/** The card that an arrow key leads to from this one, if there is one. */
export function neighbourOf(columns: ColumnData[], card: CardData, key: string): CardData | undefined {
  const filled = columns.filter(({ cards }) => cards.length > 0);
  const column = filled.findIndex(({ status }) => status === card.status);
  const row = filled[column]?.cards.findIndex(({ id }) => id === card.id) ?? -1;
  if (row < 0) return undefined;
  if (key === "ArrowUp") return filled[column]!.cards[row - 1];
  if (key === "ArrowDown") return filled[column]!.cards[row + 1];
  const beside = filled[column + ({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? NaN)]?.cards;
  return beside?.[Math.min(row, beside.length - 1)];
}

/** Moves by a form of the page, which leads back to the board. */
export function submitMove(card: CardData, action: string, fields: Record<string, string>): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  const values = { ticket: card.key, version: String(card.version), ...fields };
  for (const [name, value] of Object.entries(values)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}
