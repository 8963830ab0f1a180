import { ApplyMacro, applyMacro } from "@/domain/replies/macros/apply.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { ticketForm } from "./(_data)/ticket_form.ts";

export const handler = ticketForm("applied", {
  schema: ApplyMacro,
  run: async (cx, { macroId, version = 0 }, id) => {
    const { ticket, macro } = await applyMacro(cx, { id, macroId, version });
    return await afterTicketChange(cx, ticket, { flash: `Macro “${macro.name}” applied` });
  },
});

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
