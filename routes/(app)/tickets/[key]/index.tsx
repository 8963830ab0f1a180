import { page } from "fresh";
import { define } from "@/define.ts";
import { commentPath } from "@/domain/shared/links.ts";
import { parseId } from "@/domain/validation.ts";
import { redirect } from "@/pages/flash.ts";
import { type TicketData, ticketData } from "./(_data)/ticket_data.ts";
import { TicketPage } from "./(_components)/TicketPage.tsx";

export const handler = define.handlers<TicketData>({
  async GET(ctx) {
    const data = await ticketData(ctx);
    const { key, mergedInto } = data.ticket;
    // The number of a merged ticket leads on; `?view=source` shows what is left of it.
    if (mergedInto && ctx.url.searchParams.get("view") !== "source") {
      const comment = parseId(ctx.url.searchParams.get("comment"));
      const to = comment ? commentPath(mergedInto.key, comment) : `/tickets/${mergedInto.key}`;
      return redirect(ctx, to, `${key} was merged into ${mergedInto.key}`);
    }
    return page(data);
  },
});

export default define.page<typeof handler>(TicketPage);
