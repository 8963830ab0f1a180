import { z } from "zod";
import { tags } from "@/domain/shared/fields.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { editTicket } from "@/domain/tickets/edit.ts";
import { parse } from "@/domain/validation.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { ticketForm } from "./(_data)/ticket_form.ts";

/** Tags to add and one to remove: what others changed in the meantime stays. */
const TagForm = z.object({ tags: tags.default([]), remove: tags.default([]) });

export const handler = ticketForm("tag", {
  schema: TagForm,
  run: async (cx, { tags: added, remove }, key) => {
    const { id, version, tags: present } = await getTicket(cx, key);
    const kept = present.filter((tag) => !remove.includes(tag));
    const next = parse(tags, [...new Set([...kept, ...added])], "tags");
    const ticket = await editTicket(cx, { id, version, tags: next });
    return await afterTicketChange(cx, ticket, { flash: "Tags saved" });
  },
});

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
