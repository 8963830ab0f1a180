import { define } from "@/define.ts";
import { downloadTickets, startExport } from "@/domain/tickets/export/export.ts";
import { sendDownload } from "@/edge/download.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { claimOf, load } from "@/pages/load.ts";
import { readExport } from "./(_data)/ticket_list.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const chosen = await load(ctx, (cx) => startExport(cx, readExport(ctx.url.searchParams)));
    return await sendDownload(ctx.req, downloadTickets(incomingOf(ctx.req), claimOf(ctx)!, chosen));
  },
});
