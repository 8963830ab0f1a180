import { define } from "@/define.ts";
import { getAttachmentFile } from "@/domain/attachments/read.ts";
import { sendAttachment } from "@/edge/download.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { load } from "@/pages/load.ts";

export const handler = define.handlers({
  async GET(ctx) {
    // Sent after the transaction, so that a slow reader doesn't keep a connection.
    const file = await load(ctx, (cx) => getAttachmentFile(cx, ctx.params.file!));
    return await sendAttachment(ctx.req, incomingOf(ctx.req).services, file);
  },
});
