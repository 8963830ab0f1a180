import { page } from "fresh";
import { define } from "@/define.ts";
import { ApplyMacro, applyMacro } from "@/domain/replies/macros/apply.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { DomainError } from "@/domain/errors.ts";
import { id } from "@/domain/validation.ts";
import { load, submit } from "@/pages/load.ts";
import { previewMacro } from "./(_data)/compose.ts";
import { type TicketData, ticketData, toTicket } from "./(_data)/data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

export const handler = define.handlers<TicketData>({
  // Where a refused macro was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: ApplyMacro,
      run: async (cx, { macroId, version = 0 }) => {
        const { ticket, macro } = await applyMacro(cx, { id: ctx.params.key!, macroId, version });
        // Who has handed it to a queue that isn't theirs may not see it any more.
        const seen = await getTicket(cx, ticket.id).catch((error: unknown) => {
          if (error instanceof DomainError) return null;
          throw error;
        });
        return { to: seen ? `/tickets/${ticket.key}` : "/tickets", flash: `“${macro.name}” is done` };
      },
    });
    if (result instanceof Response) return result;
    const macroId = id.safeParse(result.form.values.macroId);
    const macro = macroId.success && result.status !== 403
      ? await load(ctx, async (cx) => {
        const ticket = await getTicket(cx, ctx.params.key!);
        return await previewMacro(cx, { ticket, macroId: macroId.data }).catch((error: unknown) => {
          if (error instanceof DomainError) return null;
          throw error;
        });
      })
      : null;
    const data = await ticketData(ctx, { macro, applied: result.form });
    return page(data, { status: result.status });
  },
});

export default define.page<typeof handler>(TicketPage);
