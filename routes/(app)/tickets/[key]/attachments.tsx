import { attachToTicket, AttachUploads } from "@/domain/attachments/add.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { admitToTicket, ticketForm } from "./(_data)/ticket_form.ts";

export const handler = ticketForm("attach", {
  schema: AttachUploads,
  files: admitToTicket,
  run: async (cx, input, key) => {
    const ticket = await getTicket(cx, key);
    const files = await attachToTicket(cx, { ...input, ticketId: ticket.id });
    const flash = files.length === 1 ? `Added ${files[0]!.name}` : `Added ${files.length} files`;
    return await afterTicketChange(cx, ticket, { flash });
  },
});

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
