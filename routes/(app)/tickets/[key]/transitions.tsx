import { page } from "fresh";
import { define } from "@/define.ts";
import { STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import { TransitionTicket, transitionTicket } from "@/domain/tickets/transition.ts";
import { submit } from "@/pages/load.ts";
import { withInstant } from "@/pages/local_time.ts";
import { type TicketData, ticketData, toTicket } from "./(_data)/data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

export const handler = define.handlers<TicketData>({
  // Where a refused form was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: TransitionTicket,
      prepare: (values, cx) => withInstant(values, cx.actor.timeZone),
      run: async (cx, { version = 0, ...move }) => {
        const ticket = await transitionTicket(cx, { ...move, version, id: ctx.params.key! });
        return {
          to: `/tickets/${ticket.key}`,
          flash: `${ticket.key} is now ${STATUS_LABELS[ticket.status]}`,
        };
      },
    });
    if (result instanceof Response) return result;
    return page(await ticketData(ctx, { move: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(TicketPage);
