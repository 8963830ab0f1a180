import { page } from "fresh";
import { define } from "@/define.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { RateTicket, rateTicket } from "@/domain/tickets/rating.ts";
import { submit } from "@/pages/load.ts";
import { type TicketData, ticketData, toTicket } from "./(_data)/data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

export const handler = define.handlers<TicketData>({
  // Where a refused form was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: RateTicket,
      run: async (cx, input) => {
        const { id, key } = await getTicket(cx, ctx.params.key!);
        await rateTicket(cx, { ...input, ticketId: id });
        return { to: `/tickets/${key}`, flash: "Thank you for your rating" };
      },
    });
    if (result instanceof Response) return result;
    return page(await ticketData(ctx, { rate: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(TicketPage);
