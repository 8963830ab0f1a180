import { z } from "zod";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { DomainError } from "@/domain/errors.ts";
import { retryMessage } from "@/domain/messages/retry.ts";
import { MESSAGE_STATES } from "@/domain/messages/states.ts";
import { submit } from "@/pages/load.ts";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const result = await submit(ctx, {
      // The tab to go back to.
      schema: z.object({ from: z.enum(MESSAGE_STATES).catch("failed") }),
      roles: ADMINS,
      run: async (cx, { from }) => {
        const to = `/admin/outbox?state=${from}`;
        try {
          const { recipient, sender } = await retryMessage(cx, idIn(ctx.params.message));
          return {
            to,
            flash: sender === null
              ? `Sending the message to ${recipient} again`
              : `Reading the email from ${sender} again`,
          };
        } catch (error) {
          // The page may have been open for a while.
          if (!(error instanceof DomainError) || error.code !== "conflict") throw error;
          return { to, flash: "That message is already being sent, or was delivered" };
        }
      },
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});
