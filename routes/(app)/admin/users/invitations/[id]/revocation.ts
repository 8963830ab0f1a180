import { z } from "zod";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { revokeInvitation } from "@/domain/accounts/invitations.ts";
import { id } from "@/domain/validation.ts";
import { submit } from "@/pages/load.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: z.object({}),
      roles: ADMINS,
      run: async (cx) => ({ to: "/admin/users/invitations", flash: await revoke(cx, ctx.params.id!) }),
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});

/** An invitation that is no longer open isn't an error: the page may have been open for a while. */
async function revoke(cx: UserCx, text: string): Promise<string> {
  const parsed = id.safeParse(text);
  if (!parsed.success) throw new DomainError("not_found");
  try {
    await revokeInvitation(cx, parsed.data);
    return "Invitation revoked. Its link no longer works";
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "not_found") throw error;
    return "That invitation was no longer open";
  }
}
