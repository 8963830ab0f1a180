import type { CardData } from "../components/BoardCard.tsx";
import type { TicketStatus } from "../components/types.ts";
import { STATUS_LABELS } from "../domain/tickets/formatting.ts";

/** What a move needs besides the state. */
export interface MoveDetails {
  note?: string;
  reason?: string;
}

/**
 * Moves a card's ticket through `/v1`, based on the version that the card shows.
 *
 * @returns the card as it is after it, and what to say when the move was refused; never throws
 */
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
    if (response.ok) return { card: refreshed(card, body) };
    if (body.current) {
      const now = refreshed(card, body.current);
      return {
        card: now,
        problem: `Somebody changed ${card.key} meanwhile: it is ${STATUS_LABELS[now.status]}`,
      };
    }
    const reason = body.errors?.[0]?.message ?? body.detail ?? body.title;
    return { card, problem: `${card.key} stays in ${STATUS_LABELS[card.status]}: ${reason}` };
  } catch {
    return { card, problem: `${card.key} was not moved: the server can't be reached` };
  }
}

/** The part of a ticket's resource that a card shows. */
interface Fresh {
  title: string;
  status: TicketStatus;
  priority: CardData["priority"];
  assignee: CardData["assignee"];
  version: number;
  allowedTransitions: TicketStatus[];
}

function refreshed(card: CardData, ticket: Fresh): CardData {
  const { title, status, priority, assignee, version, allowedTransitions } = ticket;
  return { ...card, title, status, priority, assignee, version, allowed: allowedTransitions };
}
