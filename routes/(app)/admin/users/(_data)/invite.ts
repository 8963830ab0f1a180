import type { z } from "zod";
import type { UserCx } from "@/domain/cx.ts";
import {
  getInvitation,
  type InvitationView,
  type InviteUser,
  inviteUser,
  withAcceptUrl,
} from "@/domain/accounts/invitations.ts";
import type { FormValues } from "@/pages/forms.ts";
import { doneOnce } from "@/pages/load.ts";

/**
 * Invites once, however often the form is sent: reloading must not invalidate a link that was just shared. Only the
 * invitation's id is stored with the idempotency key; the link is derived from it while the invitation is open.
 */
export async function inviteOnce(
  cx: UserCx,
  input: z.output<typeof InviteUser>,
  form: { path: string; values: FormValues },
): Promise<InvitationView> {
  const id = await doneOnce(cx, async () => (await inviteUser(cx, input)).id, form);
  const invitation = await getInvitation(cx, id);
  return invitation.state === "pending" ? withAcceptUrl(cx, invitation) : invitation;
}
