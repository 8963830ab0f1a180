import { page } from "fresh";
import { define } from "@/define.ts";
import { parse } from "@/domain/validation.ts";
import { answered } from "@/pages/form_page.ts";
import { readForm } from "@/pages/forms.ts";
import { load, refused } from "@/pages/load.ts";
import { compose, Composing } from "./(_data)/compose.ts";
import { type TicketData, ticketData } from "./(_data)/ticket_data.ts";
import { toTicket } from "./(_data)/ticket_form.ts";

export const handler = define.handlers<TicketData>({
  GET: toTicket,
  async POST(ctx) {
    const values = await readForm(ctx);
    try {
      const composed = await load(
        ctx,
        (cx) => compose(cx, { ...parse(Composing, values), ticketId: ctx.params.key! }),
      );
      composed.reply.values.attachmentIds = [values.attachmentIds ?? []].flat().join(",");
      return page(await ticketData(ctx, composed));
    } catch (error) {
      return await answered(await refused(ctx, values, error), (reply) => ticketData(ctx, { reply }));
    }
  },
});

export { TicketPage as default } from "./(_components)/TicketPage.tsx";
