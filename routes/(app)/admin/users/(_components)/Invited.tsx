import { Banner } from "@/components/Banner.tsx";
import { Card } from "@/components/Card.tsx";
import { CopyLink } from "@/components/CopyLink.tsx";
import { ROLE_LABELS } from "@/components/labels.ts";
import type { InvitationView } from "@/domain/accounts/invitations.ts";

/** What comes of an invitation: the link to hand over, shown here and nowhere else, or that a mail brings it. */
export function Invited({ invitation }: { invitation: InvitationView }) {
  const { email, role, state, acceptUrl } = invitation;
  if (state !== "pending") {
    return (
      <Banner kind="info">
        The invitation of {email} was {state} meanwhile. Invite them again if need be.
      </Banner>
    );
  }
  const invited = `${email} is invited as ${ROLE_LABELS[role].toLowerCase()}.`;
  if (!acceptUrl) return <Banner kind="success">{invited} The link is on its way by e-mail.</Banner>;
  return (
    <>
      <Banner kind="success">{invited}</Banner>
      <Card title="Share this link">
        <CopyLink
          id="accept-url"
          label={`Link for ${email}`}
          url={acceptUrl}
          hint="Shown only once. Anyone who has it can join in their place, once, within 72 hours."
        />
      </Card>
    </>
  );
}
