import { z } from "zod";
import { define } from "@/define.ts";
import { sendConfirmation } from "@/domain/profile/confirmation.ts";
import { redirect } from "@/pages/flash.ts";
import { submit } from "@/pages/load.ts";

export const handler = define.handlers({
  GET: (ctx) => redirect(ctx, "/profile"),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: z.object({}),
      run: async (cx) => {
        await sendConfirmation(cx);
        return { to: "/profile", flash: "We sent you a link. Check your email" };
      },
    });
    return result instanceof Response ? result : redirect(ctx, "/profile");
  },
});
