import { z } from "zod";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { retryAllMessages } from "@/domain/messages/retry.ts";
import { submit } from "@/pages/load.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: z.object({}),
      roles: ADMINS,
      run: async (cx) => {
        const { retried, more } = await retryAllMessages(cx);
        const what = retried === 1 ? "1 message" : `${retried.toLocaleString("en")} messages`;
        return {
          to: "/admin/outbox?state=queued",
          flash: retried === 0
            ? "There were no failed messages"
            : `Retrying ${what}${more ? ". More remain: retry again" : ""}`,
        };
      },
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});
