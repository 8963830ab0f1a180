import { z } from "zod";
import { retryAllMessages } from "@/domain/messages/retry.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { formAction } from "@/pages/form_page.ts";

export const handler = formAction({
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
