import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";

/** Name of a view and whether it is shared. `values.query` carries the list that it keeps, where that is new. */
export function ViewForm({ action, values, errors, staff }: {
  action: string;
  values: Record<string, string>;
  errors: Record<string, string>;
  staff: boolean;
}) {
  return (
    <form class="form" method="post" action={action}>
      {values.version !== undefined && <input type="hidden" name="version" value={values.version} />}
      {values.query !== undefined && <input type="hidden" name="query" value={values.query} />}
      {/* A box that isn't ticked sends nothing: this tells the two apart. */}
      <input type="hidden" name="settled" value="yes" />
      <Field name="name" label="Name" value={values.name} error={errors.name} maxLength={80} required />
      {staff && (
        <Field
          name="shared"
          label="Share with the help desk"
          kind="checkbox"
          checked={values.shared === "on" || values.shared === "true"}
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
