import type { Context } from "fresh";
import type { State } from "../../../../../define.ts";
import { isStaff, type TicketAbilities, ticketAbilities } from "../../../../../domain/access.ts";
import { getTicket } from "../../../../../domain/tickets/access.ts";
import { type TicketChoices, ticketChoices } from "../../../../../domain/tickets/choices.ts";
import { type Conversation, readConversation } from "../../../../../domain/tickets/conversation.ts";
import { redirect } from "../../../../../pages/flash.ts";
import { EMPTY_FORM, type FormState } from "../../../../../pages/forms.ts";
import { load } from "../../../../../pages/load.ts";

/** Everything a ticket's page shows. */
export interface TicketData extends Conversation {
  choices: TicketChoices;
  may: TicketAbilities;
  now: string;
  /** The forms of the page that were refused, by name. */
  reply: FormState;
  move: FormState;
  assign: FormState;
}

/** Sends the browser to the page of the ticket that the address names. */
export async function toTicket(ctx: Context<State>): Promise<Response> {
  const { key } = await load(ctx, (cx) => getTicket(cx, ctx.params.key!));
  return redirect(ctx, `/tickets/${key}`);
}

/** Loads a ticket's page in one transaction, with the forms that were refused. */
export async function ticketData(
  ctx: Context<State>,
  refused: Partial<Pick<TicketData, "reply" | "move" | "assign">> = {},
): Promise<TicketData> {
  const idOrKey = ctx.params.key!;
  const data = await load(ctx, async (cx) => {
    const before = ctx.url.searchParams.get("before") ?? undefined;
    const [conversation, choices] = await Promise.all([
      readConversation(cx, { idOrKey, before }),
      ticketChoices(cx, { staff: isStaff(cx.actor.role) }),
    ]);
    const { requester, status } = conversation.ticket;
    const may = ticketAbilities(cx.actor, { requesterId: requester.id, status });
    return { ...conversation, choices, may, now: cx.now };
  });
  ctx.state.title = `${data.ticket.key} ${data.ticket.title}`;
  return { ...data, reply: EMPTY_FORM, move: EMPTY_FORM, assign: EMPTY_FORM, ...refused };
}
