import { z } from "zod";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { removeSuppression } from "@/domain/mail/suppression.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { formAction } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";

export const handler = formAction({
  schema: z.object({}),
  roles: ADMINS,
  run: async (cx, _, ctx) => ({
    to: "/admin/suppressed-addresses",
    flash: await lift(cx, idParam(ctx, "address")),
  }),
});

/** An address that is no longer suppressed isn't an error: the page may have been open for a while. */
async function lift(cx: UserCx, id: string): Promise<string> {
  try {
    const { email } = await removeSuppression(cx, id);
    return `Emails are sent to ${email} again`;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "not_found") throw error;
    return "That address is no longer suppressed";
  }
}
