import { define } from "@/define.ts";
import { followNotification } from "@/domain/notifications/inbox/read.ts";
import { redirect } from "@/pages/flash.ts";
import { idParam } from "@/pages/id_param.ts";
import { load } from "@/pages/load.ts";

export const handler = define.handlers({
  // Opening a notification marks it as read, but prefetching the link doesn't.
  async GET(ctx) {
    const peek = ctx.req.headers.get("sec-purpose")?.includes("prefetch") ?? false;
    return redirect(ctx, await load(ctx, (cx) => followNotification(cx, { id: idParam(ctx, "id"), peek })));
  },
});
