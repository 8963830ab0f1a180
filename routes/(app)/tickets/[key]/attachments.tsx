import { page } from "fresh";
import { define } from "@/define.ts";
import { attachToTicket, AttachUploads } from "@/domain/attachments/add.ts";
import { accessTicket } from "@/domain/tickets/access/read_ticket.ts";
import { ticketKey } from "@/domain/tickets/model/formatting.ts";
import { submit } from "@/pages/load.ts";
import { type TicketData, ticketData, toTicket } from "./(_data)/data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

export const handler = define.handlers<TicketData>({
  // Where a refused form was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: AttachUploads,
      files: { admit: (cx) => accessTicket(cx, ctx.params.key!) },
      run: async (cx, input) => {
        const { type, number } = await accessTicket(cx, ctx.params.key!);
        const files = await attachToTicket(cx, { ...input, ticketId: ctx.params.key! });
        const flash = files.length === 1 ? `Added ${files[0]!.name}` : `Added ${files.length} files`;
        return { to: `/tickets/${ticketKey(type, number)}`, flash };
      },
    });
    if (result instanceof Response) return result;
    return page(await ticketData(ctx, { attach: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(TicketPage);
