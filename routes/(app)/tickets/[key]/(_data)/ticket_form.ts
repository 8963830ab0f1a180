import type { Context } from "fresh";
import type { z } from "zod";
import type { State } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { getTicket, requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { redirect } from "@/pages/flash.ts";
import { type FormHandlers, takeForm } from "@/pages/form_page.ts";
import { type Done, type Form, load } from "@/pages/load.ts";
import type { TakesFiles } from "@/pages/uploads.ts";
import { type FormName, type TicketData, ticketData } from "./ticket_data.ts";

/** Files may come where the ticket can be seen. */
export const admitToTicket: TakesFiles = {
  admit: async (cx, ctx) => {
    await requireTicket(cx, ctx.params.key!);
    return [];
  },
};

/**
 * Leads to the ticket's page. A refused form is shown under its own address, which a reload or a change of theme asks
 * for.
 */
export async function toTicket(ctx: Context<State>): Promise<Response> {
  const { key } = await load(ctx, (cx) => getTicket(cx, ctx.params.key!));
  return redirect(ctx, `/tickets/${key}`);
}

/** The handlers of one of the forms on a ticket's page. A refused form is shown there, in its own place. */
export function ticketForm<S extends z.ZodType>(
  name: FormName,
  { run, ...form }: Omit<Form<S>, "run"> & {
    /** `key` is what the address names the ticket by: its key or id. */
    run: (cx: UserCx, input: z.output<S>, key: string) => Promise<Done>;
  },
): FormHandlers<TicketData> {
  return {
    GET: toTicket,
    POST: (ctx) =>
      takeForm(
        ctx,
        { ...form, run: (cx, input) => run(cx, input, ctx.params.key!) },
        (refused) => ticketData(ctx, { [name]: refused }),
      ),
  };
}
