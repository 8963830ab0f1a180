import { z } from "zod";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { removeSuppression } from "@/domain/mail/suppression.ts";
import { id } from "@/domain/validation.ts";
import { submit } from "@/pages/load.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: z.object({}),
      roles: ADMINS,
      run: async (cx) => ({ to: "/admin/suppressed-addresses", flash: await lift(cx, ctx.params.address!) }),
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});

/** An address that is no longer suppressed isn't an error: the page may have been open for a while. */
async function lift(cx: UserCx, text: string): Promise<string> {
  const parsed = id.safeParse(text);
  if (!parsed.success) throw new DomainError("not_found");
  try {
    const { email } = await removeSuppression(cx, parsed.data);
    return `Emails are sent to ${email} again`;
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "not_found") throw error;
    return "That address is no longer suppressed";
  }
}
