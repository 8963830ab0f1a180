import { z } from "zod";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { retryMessage } from "@/domain/messages/retry.ts";
import { MESSAGE_STATES } from "@/domain/messages/states.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { formAction } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";

export const handler = formAction({
  // The tab to go back to.
  schema: z.object({ from: z.enum(MESSAGE_STATES).catch("failed") }),
  roles: ADMINS,
  run: async (cx, { from }, ctx) => ({
    to: `/admin/outbox?state=${from}`,
    flash: await retry(cx, idParam(ctx, "message")),
  }),
});

async function retry(cx: UserCx, id: string): Promise<string> {
  try {
    const { recipient, sender } = await retryMessage(cx, id);
    return sender === null
      ? `Sending the message to ${recipient} again`
      : `Reading the email from ${sender} again`;
  } catch (error) {
    // The page may have been open for a while.
    if (!(error instanceof DomainError) || error.code !== "conflict") throw error;
    return "That message is already being sent, or was delivered";
  }
}
