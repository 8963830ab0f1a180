import { page } from "fresh";
import { define } from "@/define.ts";
import { UnmergeTicket, unmergeTicket } from "@/domain/tickets/merge/unmerge.ts";
import { submit } from "@/pages/load.ts";
import { type TicketData, ticketData, toTicket } from "./(_data)/data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

export const handler = define.handlers<TicketData>({
  // Where a refused form was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: UnmergeTicket,
      run: async (cx, { version = 0 }) => {
        const { key } = await unmergeTicket(cx, { id: ctx.params.key!, version });
        return { to: `/tickets/${key}`, flash: `${key} is no longer merged` };
      },
    });
    if (result instanceof Response) return result;
    return page(await ticketData(ctx, { move: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(TicketPage);
