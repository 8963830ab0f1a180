import { Banner } from "@/components/Banner.tsx";
import { Card } from "@/components/Card.tsx";
import { CopyLink } from "@/components/CopyLink.tsx";
import { ROLE_LABELS } from "@/components/labels.ts";
import type { InvitationView } from "@/domain/accounts/invitations.ts";

/** The result of inviting: the link to share, shown only here, or that it was emailed. */
export function Invited({ invitation }: { invitation: InvitationView }) {
  const { email, role, state, acceptUrl } = invitation;
  if (state !== "pending") {
    return (
      <Banner kind="info">
        The invitation for {email} was {state} in the meantime. Invite them again if needed.
      </Banner>
    );
  }
  const asRole = ROLE_LABELS[role].toLowerCase();
  const invited = `${email} has been invited as ${/^[aeiou]/.test(asRole) ? "an" : "a"} ${asRole}.`;
  if (!acceptUrl) return <Banner kind="success">{invited} The link is on its way by email.</Banner>;
  return (
    <>
      <Banner kind="success">{invited}</Banner>
      <Card title="Share this link">
        <CopyLink
          id="accept-url"
          label={`Link for ${email}`}
          url={acceptUrl}
          hint="Shown only once. Anyone with this link can join in their place, once, within 72 hours."
        />
      </Card>
    </>
  );
}
