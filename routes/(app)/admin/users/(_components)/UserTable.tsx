import { Avatar } from "@/components/Avatar.tsx";
import { Badge } from "@/components/Badge.tsx";
import { ROLE_LABELS } from "@/components/labels.ts";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { Time } from "@/components/Time.tsx";
import type { UserView } from "@/domain/accounts/users.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { Breakable } from "@/routes/(app)/admin/(_components)/Breakable.tsx";

export function UserTable({ users, reader, now }: { users: UserView[]; reader: Reader; now: string }) {
  return (
    <StackedTable caption="People" columns={["Name", "Role", "Queues", "Last seen"]}>
      {users.map((user) => (
        <Row key={user.id}>
          <Cell class="c-title">
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
          </Cell>
          <Cell>
            <UserBadges user={user} />
          </Cell>
          <Cell class="muted">{user.queues.map(({ name }) => name).join(", ")}</Cell>
          <Cell class="muted">
            <span class="only-narrow">Last seen</span>
            {user.lastSeenAt ? <Time at={moment(user.lastSeenAt, reader, now)} /> : "never"}
          </Cell>
        </Row>
      ))}
    </StackedTable>
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
