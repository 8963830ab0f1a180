import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Field } from "@/components/Field.tsx";
import { Icon } from "@/components/Icon.tsx";
import type { Named } from "@/domain/shared/types.ts";
import type { FormState } from "@/pages/forms.ts";
import { ROLE_OPTIONS } from "@/routes/(app)/admin/users/(_data)/roles.ts";

export function InviteForm({ queues, form: { values, errors } }: { queues: Named[]; form: FormState }) {
  return (
    <Card title="Invite a person">
      <form class="form" id="invite" method="post" action="/admin/users/invitations">
        <input type="hidden" name="idempotencyKey" value={values.idempotencyKey ?? crypto.randomUUID()} />
        <div class="form-row">
          <Field
            name="email"
            label="Email"
            kind="email"
            value={values.email}
            error={errors.email}
            autoComplete="off"
            maxLength={254}
            required
          />
          <Field
            name="name"
            label="Name"
            value={values.name}
            error={errors.name}
            hint="They can change it"
            autoComplete="off"
            maxLength={120}
            optional
          />
        </div>
        <Field
          name="role"
          label="Role"
          kind="select"
          value={values.role ?? "REQUESTER"}
          options={ROLE_OPTIONS}
          error={errors.role}
        />
        {queues.length > 0 && <Queues queues={queues} chosen={values.queueIds} error={queueError(errors)} />}
        <div class="form-actions">
          <Button variant="primary">Invite</Button>
        </div>
      </form>
    </Card>
  );
}

/** An error may be about the list, or about one id in it. */
function queueError(errors: Record<string, string>): string | undefined {
  return Object.entries(errors).find(([path]) => path.split(".")[0] === "queueIds")?.[1];
}

function Queues({ queues, chosen = "", error }: {
  queues: Named[];
  chosen?: string | undefined;
  error?: string | undefined;
}) {
  const ids = chosen.split(",");
  return (
    <fieldset
      class="field"
      id="f-queueIds"
      aria-describedby={error ? "f-queueIds-error f-queueIds-hint" : "f-queueIds-hint"}
    >
      <legend class="label">
        Queues<span class="optional">(optional)</span>
      </legend>
      <div class="cards">
        {queues.map(({ id, name }) => (
          <label key={id} class="check">
            <input type="checkbox" name="queueIds" value={id} checked={ids.includes(id)} />
            <span>{name}</span>
          </label>
        ))}
      </div>
      <p class="hint" id="f-queueIds-hint">The queues they work in; not for requesters</p>
      {error && (
        <p class="field-error" id="f-queueIds-error">
          <Icon name="alert" size="sm" />
          <span>{error}</span>
        </p>
      )}
    </fieldset>
  );
}
