import { page } from "fresh";
import { z } from "zod";
import { define } from "../../../../define.ts";
import { STAFF } from "../../../../domain/access.ts";
import { STATUS_LABELS } from "../../../../domain/tickets/formatting.ts";
import { TransitionTicket, transitionTicket } from "../../../../domain/tickets/transition.ts";
import { redirect } from "../../../../pages/flash.ts";
import { submit } from "../../../../pages/load.ts";
import { BoardPage } from "./(_components)/BoardPage.tsx";
import { type BoardData, boardData, queueId } from "./(_components)/data.ts";

const Move = TransitionTicket.extend({ ticket: z.string().max(40) });

export const handler = define.handlers<BoardData>({
  GET: (ctx) => redirect(ctx, `/queues/${queueId(ctx)}`),
  async POST(ctx) {
    const id = queueId(ctx);
    const result = await submit(ctx, {
      schema: Move,
      roles: STAFF,
      run: async (cx, { ticket, version = 0, ...move }) => {
        const moved = await transitionTicket(cx, { ...move, version, id: ticket });
        return { to: `/queues/${id}`, flash: `${moved.key} is now ${STATUS_LABELS[moved.status]}` };
      },
    });
    if (result instanceof Response) return result;
    const [problem = ""] = Object.values(result.form.errors);
    return page(await boardData(ctx, problem), { status: result.status });
  },
});

export default define.page<typeof handler>(BoardPage);
