import { z } from "zod";
import { AddLink, addLink, removeLink } from "@/domain/tickets/links/links.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { RELATION_LABELS } from "@/domain/tickets/model/relations.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { ticketForm } from "./(_data)/ticket_form.ts";

/** A link to add, or the id of one to remove. */
const LinkForm = z.union([z.object({ remove: z.string().min(1) }), AddLink]);

export const handler = ticketForm("link", {
  schema: LinkForm,
  run: async (cx, input, idOrKey) => {
    const ticket = await getTicket(cx, idOrKey);
    if ("remove" in input) {
      await removeLink(cx, { ticketId: ticket.id, linkId: input.remove });
      return await afterTicketChange(cx, ticket, { flash: "Link removed" });
    }
    const { relation, ticketId: otherId } = input;
    const link = await addLink(cx, { ticketId: ticket.id, otherId, relation });
    const flash = `${ticket.key} ${RELATION_LABELS[link.relation].toLowerCase()} ${link.ticket.key}`;
    return await afterTicketChange(cx, ticket, { flash });
  },
});

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
