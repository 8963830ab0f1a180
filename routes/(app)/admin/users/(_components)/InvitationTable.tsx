import { Badge } from "@/components/Badge.tsx";
import { Button } from "@/components/Button.tsx";
import { ROLE_LABELS } from "@/components/labels.ts";
import { Time } from "@/components/Time.tsx";
import type { InvitationView } from "@/domain/accounts/invitations.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { Breakable } from "./Breakable.tsx";

/** Pending invitations, each with a button to revoke it. */
export function InvitationTable({ invitations, reader, now }: {
  invitations: InvitationView[];
  reader: Reader;
  now: string;
}) {
  return (
    <div class="table-wrap">
      {/* Roles are written out because a changed display takes them away in some browsers. */}
      <table class="table stacks" role="table">
        <caption class="visually-hidden">Pending invitations</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Email</th>
            <th scope="col" role="columnheader">Role</th>
            <th scope="col" role="columnheader">Expires</th>
            <th scope="col" role="columnheader">
              <span class="visually-hidden">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {invitations.map(({ id, email, name, role, invitedBy, expiresAt }) => (
            <tr key={id} role="row">
              <td class="c-title" role="cell">
                <strong>
                  <Breakable text={email} />
                </strong>
                <div class="muted small">{name ? `${name}, invited` : "Invited"} by {invitedBy.name}</div>
              </td>
              <td role="cell">
                <Badge tone={role === "ADMIN" ? "accent" : "neutral"}>{ROLE_LABELS[role]}</Badge>
              </td>
              <td class="muted" role="cell">
                expires <Time at={moment(expiresAt, reader, now)} />
              </td>
              <td class="actions" role="cell">
                <form method="post" action={`/admin/users/invitations/${id}/revocation`}>
                  <Button size="sm" variant="quiet" label={`Revoke the invitation for ${email}`}>
                    Revoke
                  </Button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
