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
 * Invites by a form, once, however often the form is sent: a reload must not make a link dead that was just handed
 * over. Of the answer the id alone is kept; the link follows from it, for as long as the invitation is open.
 *
 * @param form the address of the form and its fields as they came, with the key that names this sending
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
