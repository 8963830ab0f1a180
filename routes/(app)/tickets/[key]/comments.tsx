import { page } from "fresh";
import { define } from "@/define.ts";
import { AddComment, addComment } from "@/domain/comments/add.ts";
import { accessTicket } from "@/domain/tickets/access/read_ticket.ts";
import { submit } from "@/pages/load.ts";
import { type TicketData, ticketData, toTicket } from "./(_data)/data.ts";
import { notTold } from "./(_data)/not_told.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

export const handler = define.handlers<TicketData>({
  // Where a refused form was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: AddComment,
      files: { admit: (cx) => accessTicket(cx, ctx.params.key!) },
      run: async (cx, input) => {
        const said = await addComment(cx, { ...input, ticketId: ctx.params.key!, source: "web" });
        const { comment, ticket, unreached, followUp } = said;
        const to = `/tickets/${ticket.key}`;
        if (comment === null) {
          return { to, flash: `That ticket is over, so your reply opened ${ticket.key} for you` };
        }
        const flash = followUp
          ? `Reply added to ${followUp.key}, which follows up that ticket`
          : comment.visibility === "internal"
          ? "Internal note added"
          : "Reply sent";
        return { to: `${to}#comment-${comment.id}`, flash: flash + notTold(unreached) };
      },
    });
    if (result instanceof Response) return result;
    return page(await ticketData(ctx, { reply: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(TicketPage);
