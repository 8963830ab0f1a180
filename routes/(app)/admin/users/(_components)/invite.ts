import type { z } from "zod";
import type { UserCx } from "../../../../../domain/cx.ts";
import { once } from "../../../../../domain/idempotency.ts";
import {
  getInvitation,
  type InvitationView,
  type InviteUser,
  inviteUser,
} from "../../../../../domain/identity/invitations.ts";
import { invitationUrl } from "../../../../../domain/identity/links.ts";
import type { FormValues } from "../../../../../pages/forms.ts";

/**
 * Invites by a form, once, however often the form is sent: a reload must not make a link dead that was just handed
 * over. Of the answer the id alone is kept; the link follows from it, for as long as the invitation is open.
 *
 * @param form the fields as they came, with the key that names this sending
 */
export async function inviteOnce(
  cx: UserCx,
  input: z.output<typeof InviteUser>,
  form: FormValues,
): Promise<InvitationView> {
  const { idempotencyKey: key, ...rest } = form;
  if (typeof key !== "string" || key === "") return await inviteUser(cx, input);
  const body = new TextEncoder().encode(JSON.stringify(rest));
  const answer = await once(cx, { key, route: "form /admin/users/invitations", body }, async () => {
    return { status: 201, headers: {}, body: (await inviteUser(cx, input)).id };
  });
  const invitation = await getInvitation(cx, answer.body);
  if (invitation.state !== "pending" || cx.services.mail.delivers) return invitation;
  const acceptUrl = invitationUrl(cx.services, { tenantId: cx.tenant.id, id: invitation.id });
  return { ...invitation, acceptUrl };
}
