import { page } from "fresh";
import { z } from "zod";
import { define } from "@/define.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { editTicket } from "@/domain/tickets/edit.ts";
import { tags } from "@/domain/shared/fields.ts";
import { submit } from "@/pages/load.ts";
import { type TicketData, ticketData, toTicket } from "./(_data)/data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

/** Tags to add, with commas between, and one to take away: whatever else was changed meanwhile stays. */
const TagForm = z.object({ tags: tags.default([]), remove: tags.default([]) });

export const handler = define.handlers<TicketData>({
  // Where a refused form was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: TagForm,
      run: async (cx, { tags: added, remove }) => {
        const ticket = await getTicket(cx, ctx.params.key!);
        const kept = ticket.tags.filter((tag) => !remove.includes(tag));
        const next = tags.parse([...kept, ...added]);
        await editTicket(cx, { id: ticket.id, version: ticket.version, tags: next });
        return { to: `/tickets/${ticket.key}`, flash: "Tags changed" };
      },
    });
    if (result instanceof Response) return result;
    return page(await ticketData(ctx, { tag: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(TicketPage);
