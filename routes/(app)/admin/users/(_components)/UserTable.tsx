import { Avatar } from "@/components/Avatar.tsx";
import { Badge } from "@/components/Badge.tsx";
import { ROLE_LABELS } from "@/components/labels.ts";
import { Time } from "@/components/Time.tsx";
import type { UserView } from "@/domain/accounts/users.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { Breakable } from "./Breakable.tsx";

export function UserTable({ users, reader, now }: { users: UserView[]; reader: Reader; now: string }) {
  return (
    <div class="table-wrap">
      {/* Roles are written out because a changed display takes them away in some browsers. */}
      <table class="table stacks" role="table">
        <caption class="visually-hidden">People</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Name</th>
            <th scope="col" role="columnheader">Role</th>
            <th scope="col" role="columnheader">Queues</th>
            <th scope="col" role="columnheader">Last seen</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {users.map((user) => (
            <tr key={user.id} role="row">
              <td class="c-title" role="cell">
                <div class="person">
                  <Avatar person={user} />
                  <div class="grow">
                    <a class="row-link" href={`/admin/users/${user.id}`}>
                      <Breakable text={user.name} />
                    </a>
                    <div class="muted small">
                      <Breakable text={user.email} />
                    </div>
                  </div>
                </div>
              </td>
              <td role="cell">
                <UserBadges user={user} />
              </td>
              <td class="muted" role="cell">{user.queues.map(({ name }) => name).join(", ")}</td>
              <td class="muted" role="cell">
                <span class="only-narrow">Last seen</span>
                {user.lastSeenAt ? <Time at={moment(user.lastSeenAt, reader, now)} /> : "never"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A person's role, and whether they are deactivated. */
export function UserBadges({ user }: { user: Pick<UserView, "role" | "active"> }) {
  return (
    <>
      <Badge tone={user.role === "ADMIN" ? "accent" : "neutral"}>{ROLE_LABELS[user.role]}</Badge>
      {!user.active && (
        <>
          {" "}
          <Badge tone="amber">Deactivated</Badge>
        </>
      )}
    </>
  );
}
