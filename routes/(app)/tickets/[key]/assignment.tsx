import { page } from "fresh";
import { define } from "@/define.ts";
import { AssignTicket, assignTicket } from "@/domain/tickets/assign.ts";
import { submit } from "@/pages/load.ts";
import { type TicketData, ticketData, toTicket } from "./(_data)/data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

export const handler = define.handlers<TicketData>({
  // Where a refused form was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: AssignTicket,
      run: async (cx, { version = 0, ...assignment }) => {
        const ticket = await assignTicket(cx, { ...assignment, version, id: ctx.params.key! });
        return {
          to: `/tickets/${ticket.key}`,
          flash: ticket.assignee ? `Assigned to ${ticket.assignee.name}` : "Assigned to nobody",
        };
      },
    });
    if (result instanceof Response) return result;
    return page(await ticketData(ctx, { assign: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(TicketPage);
