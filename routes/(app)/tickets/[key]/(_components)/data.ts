import type { Context } from "fresh";
import type { State } from "../../../../../define.ts";
import { isStaff, type TicketAbilities, ticketAbilities } from "../../../../../domain/access.ts";
import { getTicketWithComments } from "../../../../../domain/comments/list.ts";
import { type TicketChoices, ticketChoices } from "../../../../../domain/tickets/choices.ts";
import { readTimeline } from "../../../../../domain/tickets/timeline.ts";
import type { Comment, Ticket, TimelineEntry } from "../../../../../domain/tickets/types.ts";
import { EMPTY_FORM, type FormState } from "../../../../../pages/forms.ts";
import { load } from "../../../../../pages/load.ts";

/** Everything a ticket's page shows. */
export interface TicketData {
  ticket: Ticket;
  comments: Comment[];
  /** Where the next page of comments begins; null when these are all. */
  nextComments: string | null;
  timeline: TimelineEntry[];
  choices: TicketChoices;
  may: TicketAbilities;
  now: string;
  /** The forms of the page that were refused, by name. */
  reply: FormState;
  move: FormState;
  assign: FormState;
}

/** Loads a ticket's page in one transaction, with the forms that were refused. */
export async function ticketData(
  ctx: Context<State>,
  refused: Partial<Pick<TicketData, "reply" | "move" | "assign">> = {},
): Promise<TicketData> {
  const idOrKey = ctx.params.key!;
  const data = await load(ctx, async (cx) => {
    const cursor = ctx.url.searchParams.get("comments") ?? undefined;
    const [{ ticket, comments }, timeline, choices] = await Promise.all([
      getTicketWithComments(cx, { idOrKey, ...(cursor ? { cursor } : {}) }),
      readTimeline(cx, { ticketId: idOrKey, limit: 100, cursor: undefined }),
      ticketChoices(cx, { staff: isStaff(cx.actor.role) }),
    ]);
    const may = ticketAbilities(cx.actor, { requesterId: ticket.requester.id, status: ticket.status });
    return {
      ticket,
      comments: comments.items,
      nextComments: comments.nextCursor,
      timeline: timeline.items,
      choices,
      may,
      now: cx.now,
    };
  });
  ctx.state.title = `${data.ticket.key} ${data.ticket.title}`;
  return { ...data, reply: EMPTY_FORM, move: EMPTY_FORM, assign: EMPTY_FORM, ...refused };
}
