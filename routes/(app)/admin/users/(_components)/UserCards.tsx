import { Button, buttonClass } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { Icon } from "@/components/Icon.tsx";
import { type Property, PropertyList } from "@/components/PropertyList.tsx";
import { Time } from "@/components/Time.tsx";
import { isStaff } from "@/domain/permissions.ts";
import type { Named } from "@/domain/shared/types.ts";
import type { UserView } from "@/domain/accounts/users.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { FormState } from "@/pages/forms.ts";
import { HandToField } from "./Responsibilities.tsx";
import { ROLE_OPTIONS } from "@/routes/(app)/admin/users/(_data)/role_options.ts";

export function AboutCard({ user, reader, now }: { user: UserView; reader: Reader; now: string }) {
  const time = (iso: string) => <Time at={moment(iso, reader, now)} absolute />;
  const items: Property[] = [
    { label: "Email", value: user.emailVerified ? "Confirmed" : "Not confirmed yet" },
    { label: "Queues", value: user.queues.map(({ name }) => name).join(", ") || "None" },
    { label: "Time zone", value: user.timeZone.replaceAll("_", " ") },
    { label: "Member since", value: time(user.createdAt) },
    { label: "Last seen", value: user.lastSeenAt ? time(user.lastSeenAt) : "Never" },
  ];
  return (
    <Card title="About">
      <PropertyList items={items} />
    </Card>
  );
}

interface Leaving {
  user: UserView;
  form: FormState;
  successors: readonly Named[];
}

export function RoleCard({ user, form, successors }: Leaving) {
  return (
    <Card title="Role">
      <form class="form" id="role" method="post" action={`/admin/users/${user.id}`}>
        <HiddenFields form={form} version={user.version} />
        <FormField
          form={form}
          name="role"
          label="Role"
          kind="select"
          value={user.role}
          options={ROLE_OPTIONS}
          hint="Takes effect immediately"
        />
        {isStaff(user.role) && user.active && (
          <HandToField
            form={form}
            successors={successors}
            idPrefix="role"
            hint="If they become a requester"
          />
        )}
        <div class="form-actions">
          <Button variant="primary">Save role</Button>
        </div>
      </form>
    </Card>
  );
}

/** Deactivates a person, after a second step, or reactivates them. */
export function AccessCard({ user, form, self, successors }: Leaving & { self: boolean }) {
  const action = `/admin/users/${user.id}`;
  const hidden = (active: boolean) => (
    <>
      <HiddenFields version={user.version} />
      <input type="hidden" name="active" value={String(active)} />
    </>
  );
  if (!user.active) {
    return (
      <Card title="Access">
        <form class="form" id="reactivate" method="post" action={action}>
          <p class="muted">
            They can't sign in. What they wrote is unchanged. If you reactivate them, they won't be in any
            queue.
          </p>
          {hidden(true)}
          <div class="form-actions">
            <Button>Reactivate</Button>
          </div>
        </form>
      </Card>
    );
  }
  return (
    <Card title="Access">
      <div class="form">
        <p class="muted">
          {self
            ? "You can't deactivate yourself; another administrator can."
            : "Deactivating signs them out immediately and prevents them from signing in. Nothing they wrote is lost."}
        </p>
        {!self && (
          <div class="form-actions">
            <details class="menu">
              <summary class={buttonClass({ children: true })}>
                <Icon name="ban" />
                Deactivate…
              </summary>
              <form class="menu-panel menu-form" id="deactivate" method="post" action={action}>
                {hidden(false)}
                <p>
                  Deactivate <strong>{user.name}</strong> and sign them out everywhere?
                </p>
                {isStaff(user.role) && (
                  <HandToField form={form} successors={successors} idPrefix="deactivate" />
                )}
                <Button variant="danger" block>Deactivate</Button>
              </form>
            </details>
          </div>
        )}
      </div>
    </Card>
  );
}
