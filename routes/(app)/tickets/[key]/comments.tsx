import { page } from "fresh";
import { define } from "../../../../define.ts";
import { AddComment, addComment } from "../../../../domain/comments/add.ts";
import { accessTicket } from "../../../../domain/tickets/access.ts";
import { submit } from "../../../../pages/load.ts";
import { type TicketData, ticketData, toTicket } from "./(_components)/data.ts";
import { notTold } from "./(_components)/not_told.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

export const handler = define.handlers<TicketData>({
  // Where a refused form was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: AddComment,
      files: { admit: (cx) => accessTicket(cx, ctx.params.key!) },
      run: async (cx, input) => {
        const { comment, ticket, unreached } = await addComment(cx, { ...input, ticketId: ctx.params.key! });
        const flash = (comment.visibility === "internal" ? "Internal note added" : "Reply sent") +
          notTold(unreached);
        return { to: `/tickets/${ticket.key}#comment-${comment.id}`, flash };
      },
    });
    if (result instanceof Response) return result;
    return page(await ticketData(ctx, { reply: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(TicketPage);
