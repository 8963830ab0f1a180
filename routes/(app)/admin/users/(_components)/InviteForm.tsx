import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { fieldId } from "@/components/Field.tsx";
import { FieldMessage } from "@/components/FieldMessage.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { Named } from "@/domain/shared/types.ts";
import type { FormState } from "@/pages/forms.ts";
import { ROLE_OPTIONS } from "@/routes/(app)/admin/users/(_data)/role_options.ts";

export function InviteForm({ queues, form }: { queues: Named[]; form: FormState }) {
  return (
    <Card title="Invite a person">
      <form class="form" id="invite" method="post" action="/admin/users/invitations">
        <HiddenFields form={form} once />
        <div class="form-row">
          <FormField
            form={form}
            name="email"
            label="Email"
            kind="email"
            autoComplete="off"
            maxLength={254}
            required
          />
          <FormField
            form={form}
            name="name"
            label="Name"
            hint="They can change it"
            autoComplete="off"
            maxLength={120}
            optional
          />
        </div>
        <FormField
          form={form}
          name="role"
          label="Role"
          kind="select"
          value="REQUESTER"
          options={ROLE_OPTIONS}
        />
        {queues.length > 0 && <Queues queues={queues} form={form} />}
        <div class="form-actions">
          <Button variant="primary">Invite</Button>
        </div>
      </form>
    </Card>
  );
}

function Queues({ queues, form: { sent, errors } }: { queues: Named[]; form: FormState }) {
  const chosen = [sent?.queueIds ?? []].flat();
  // An error may be about the list, or about one id in it.
  const error = Object.entries(errors).find(([path]) => path.split(".")[0] === "queueIds")?.[1];
  const id = fieldId("queueIds");
  return (
    <fieldset class="field" id={id} aria-describedby={error ? `${id}-error ${id}-hint` : `${id}-hint`}>
      <legend class="label">
        Queues<span class="optional">(optional)</span>
      </legend>
      <div class="cards">
        {queues.map((queue) => (
          <label key={queue.id} class="check">
            <input type="checkbox" name="queueIds" value={queue.id} checked={chosen.includes(queue.id)} />
            <span>{queue.name}</span>
          </label>
        ))}
      </div>
      <p class="hint" id={`${id}-hint`}>The queues they work in; not for requesters</p>
      <FieldMessage name="queueIds" message={error} />
    </fieldset>
  );
}
