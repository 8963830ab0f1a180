import { page } from "fresh";
import { define } from "../../../../define.ts";
import { type TicketData, ticketData } from "./(_components)/data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

export const handler = define.handlers<TicketData>({
  GET: async (ctx) => page(await ticketData(ctx)),
});

export default define.page<typeof handler>(TicketPage);
