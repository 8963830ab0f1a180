import { type ControlProps, FieldControl } from "./FieldControl.tsx";
import { describedBy, FieldNotes, type Notes } from "./FieldNotes.tsx";

export interface FieldProps extends ControlProps, Notes {
  label: string;
  /** Says "optional" beside the label; for forms where most fields are required. */
  optional?: boolean | undefined;
  /** Put before the id where two forms on a page have fields of one name. */
  idPrefix?: string | undefined;
}

/** The id of a field's control, for links to it. */
export function fieldId(name: string, idPrefix = "f"): string {
  return `${idPrefix}-${name}`;
}

/** Label, control, hint and error, joined by ids for assistive technology. */
export function Field({ label, hint, error, optional, idPrefix, ...control }: FieldProps) {
  const id = fieldId(control.name, idPrefix);
  const described = describedBy(id, { hint, error });
  const notes = <FieldNotes id={id} hint={hint} error={error} />;
  const input = <FieldControl {...control} id={id} invalid={Boolean(error)} describedBy={described} />;
  if (control.kind === "checkbox") {
    return (
      <div class="field">
        <label class="check">
          {input}
          <span>{label}</span>
        </label>
        {notes}
      </div>
    );
  }
  if (control.kind === "segmented") {
    return (
      <fieldset class="field" aria-describedby={described}>
        <legend class="label">{label}</legend>
        {input}
        {notes}
      </fieldset>
    );
  }
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
        {optional && <OptionalMark />}
      </label>
      {input}
      {notes}
    </div>
  );
}

export function OptionalMark() {
  return <span class="optional">(optional)</span>;
}
