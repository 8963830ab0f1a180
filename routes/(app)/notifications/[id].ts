import type { Context } from "fresh";
import { define, type State } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { followNotification, readNotifications } from "@/domain/notifications/inbox/read.ts";
import { redirect } from "@/pages/flash.ts";
import { idParam } from "@/pages/id_param.ts";
import { load } from "@/pages/load.ts";

export const handler = define.handlers({
  /** Leads on and marks nothing: any page can have a browser open an address. */
  async GET(ctx) {
    return await follow(ctx, (cx, id) => followNotification(cx, { id }));
  },
  async POST(ctx) {
    return await follow(ctx, async (cx, id) => {
      const path = await followNotification(cx, { id });
      await readNotifications(cx, { ids: [id], all: undefined, before: undefined });
      return path;
    });
  },
});

async function follow(
  ctx: Context<State>,
  fn: (cx: UserCx, id: string) => Promise<string>,
): Promise<Response> {
  return redirect(ctx, await load(ctx, (cx) => fn(cx, idParam(ctx, "id"))));
}
