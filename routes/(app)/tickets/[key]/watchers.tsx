import { page } from "fresh";
import { z } from "zod";
import { define } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { invalidField } from "@/domain/errors.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { findNamedPerson, personText } from "@/domain/search/resolve_person.ts";
import { addWatcher, removeWatcher } from "@/domain/tickets/watchers/watchers.ts";
import { optional } from "@/domain/validation.ts";
import { type Done, submit } from "@/pages/load.ts";
import { type TicketData, ticketData, toTicket } from "./(_data)/data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

/** Somebody to add by address or name; or who is added or taken off by id. */
const WatchForm = z.object({
  person: optional(personText),
  add: optional(z.string()),
  remove: optional(z.string()),
});

export const handler = define.handlers<TicketData>({
  // Where a refused form was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: WatchForm,
      run: (cx, input) => watch(cx, ctx.params.key!, input),
    });
    if (result instanceof Response) return result;
    return page(await ticketData(ctx, { watch: result.form }), { status: result.status });
  },
});

async function watch(cx: UserCx, key: string, input: z.output<typeof WatchForm>): Promise<Done> {
  const ticket = await getTicket(cx, key);
  const to = `/tickets/${ticket.key}`;
  if (input.remove !== undefined) {
    const { removed, stillSeen } = await removeWatcher(cx, { ticketId: ticket.id, who: input.remove });
    const self = removed.id === cx.actor.id;
    return {
      to: stillSeen ? to : "/tickets",
      flash: self ? `You no longer watch ${ticket.key}` : `${removed.name} no longer watches ${ticket.key}`,
    };
  }
  if (input.add === undefined && input.person === undefined) {
    throw invalidField("person", "required", "Enter who should watch");
  }
  const who = input.add ?? (await findNamedPerson(cx, input.person!, "person")).id;
  const { added } = await addWatcher(cx, { ticketId: ticket.id, who });
  const flash = added?.id === cx.actor.id
    ? `You watch ${ticket.key} now`
    : added
    ? `${added.name} watches ${ticket.key} now`
    : "They already watch this ticket";
  return { to, flash };
}

export default define.page<typeof handler>(TicketPage);
