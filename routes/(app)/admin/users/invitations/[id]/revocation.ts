import { z } from "zod";
import { revokeInvitation } from "@/domain/accounts/invitations.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { formAction } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";

export const handler = formAction({
  schema: z.object({}),
  roles: ADMINS,
  run: async (cx, _, ctx) => ({
    to: "/admin/users/invitations",
    flash: await revoke(cx, idParam(ctx, "id")),
  }),
});

/** An invitation that is no longer open isn't an error: the page may have been open for a while. */
async function revoke(cx: UserCx, id: string): Promise<string> {
  try {
    await revokeInvitation(cx, id);
    return "Invitation revoked. Its link no longer works";
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "not_found") throw error;
    return "That invitation was no longer open";
  }
}
