import { Badge } from "@/components/Badge.tsx";
import { Button } from "@/components/Button.tsx";
import { ROLE_LABELS } from "@/components/labels.ts";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { Time } from "@/components/Time.tsx";
import type { InvitationView } from "@/domain/accounts/invitations.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { Breakable } from "@/routes/(app)/admin/(_components)/Breakable.tsx";

/** Pending invitations, each with a button to revoke it. */
export function InvitationTable({ invitations, reader, now }: {
  invitations: InvitationView[];
  reader: Reader;
  now: string;
}) {
  return (
    <StackedTable caption="Pending invitations" columns={["Email", "Role", "Expires", { hidden: "Revoke" }]}>
      {invitations.map(({ id, email, name, role, invitedBy, expiresAt }) => (
        <Row key={id}>
          <Cell class="c-title">
            <strong>
              <Breakable text={email} />
            </strong>
            <div class="muted small">{name ? `${name}, invited` : "Invited"} by {invitedBy.name}</div>
          </Cell>
          <Cell>
            <Badge tone={role === "ADMIN" ? "accent" : "neutral"}>{ROLE_LABELS[role]}</Badge>
          </Cell>
          <Cell class="muted">
            expires <Time at={moment(expiresAt, reader, now)} />
          </Cell>
          <Cell class="actions">
            <form method="post" action={`/admin/users/invitations/${id}/revocation`}>
              <Button size="sm" variant="quiet" label={`Revoke the invitation for ${email}`}>
                Revoke
              </Button>
            </form>
          </Cell>
        </Row>
      ))}
    </StackedTable>
  );
}
