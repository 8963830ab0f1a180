import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { isOn } from "@/domain/validation.ts";
import type { View } from "@/domain/views/read.ts";
import type { FormState } from "@/pages/forms.ts";

/** The name of a view and whether it is shared. A new one also carries the list that it keeps, as `query`. */
export function ViewForm({ action, view, form, staff }: {
  action: string;
  /** The view that is edited; none for a new one. */
  view?: View;
  form: FormState;
  staff: boolean;
}) {
  const { values, errors } = form;
  const asked = view === undefined || values.settled !== undefined;
  return (
    <form class="form" method="post" action={action}>
      <HiddenFields form={form} version={view?.version} once={!view} />
      {values.query !== undefined && <input type="hidden" name="query" value={values.query} />}
      {/* A box that isn't ticked sends nothing: this tells the form from the one on the list. */}
      <input type="hidden" name="settled" value="yes" />
      <Field
        name="name"
        label="Name"
        value={values.name ?? view?.name}
        error={errors.name}
        maxLength={80}
        required
      />
      {staff && (
        <Field
          name="shared"
          label="Share with the help desk"
          kind="checkbox"
          checked={asked ? isOn(values.shared) : view.shared}
          error={errors.shared}
        />
      )}
      <div class="form-actions">
        <Button variant="primary">Save view</Button>
        <ButtonLink href="/views" variant="quiet">Cancel</ButtonLink>
      </div>
    </form>
  );
}
