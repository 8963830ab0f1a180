import { page } from "fresh";
import { z } from "zod";
import { define } from "@/define.ts";
import { AddLink, addLink, removeLink } from "@/domain/tickets/links/links.ts";
import { RELATION_LABELS } from "@/domain/tickets/model/relations.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { submit } from "@/pages/load.ts";
import { type TicketData, ticketData, toTicket } from "./(_data)/data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

/** A link to make, or the id of one to take away. */
const LinkForm = z.union([z.object({ remove: z.string().min(1) }), AddLink]);

export const handler = define.handlers<TicketData>({
  // Where a refused form was shown, a reload or a change of theme asks for this address.
  GET: toTicket,
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: LinkForm,
      run: async (cx, input) => {
        const { id, key } = await getTicket(cx, ctx.params.key!);
        const to = `/tickets/${key}`;
        if ("remove" in input) {
          await removeLink(cx, { ticketId: id, linkId: input.remove });
          return { to, flash: "The link was removed" };
        }
        const { relation, ticket } = await addLink(cx, {
          ticketId: id,
          otherId: input.ticketId,
          relation: input.relation,
        });
        return { to, flash: `${key} ${RELATION_LABELS[relation].toLowerCase()} ${ticket.key}` };
      },
    });
    if (result instanceof Response) return result;
    return page(await ticketData(ctx, { link: result.form }), { status: result.status });
  },
});

export default define.page<typeof handler>(TicketPage);
