import { define } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { followNotification } from "@/domain/notifications/inbox/read.ts";
import { id } from "@/domain/validation.ts";
import { redirect } from "@/pages/flash.ts";
import { load } from "@/pages/load.ts";

export const handler = define.handlers({
  // Leads to what the notification tells of. Opening it is reading it, but fetching ahead of a click is not.
  async GET(ctx) {
    const peek = ctx.req.headers.get("sec-purpose")?.includes("prefetch") ?? false;
    const to = await load(ctx, (cx) => {
      const named = id.safeParse(ctx.params.id);
      if (!named.success) throw new DomainError("not_found");
      return followNotification(cx, { id: named.data, peek });
    });
    return redirect(ctx, to);
  },
});
