import { Button, ButtonLink } from "./Button.tsx";

/** A field that both changed: raw values for the form, words for the reader. */
export interface ConflictField {
  name: string;
  label: string;
  yours: { value: string; text: string };
  theirs: { value: string; text: string };
}

/**
 * Shown when someone else saved first. Both values side by side; the choice is posted under the field's own
 * name with `version` (the current one) and `hidden`, so the ordinary handler saves it.
 */
export function ConflictNotice({ action, version, who, fields, hidden = {}, cancelHref }: {
  action: string;
  version: number;
  who?: string | undefined;
  fields: ConflictField[];
  hidden?: Record<string, string> | undefined;
  cancelHref: string;
}) {
  return (
    <form class="conflict" method="post" action={action} role="alert">
      <div>
        <h2>{who ?? "Someone else"} changed this ticket in the meantime</h2>
        <p class="muted">Nothing was overwritten. Choose what to keep.</p>
      </div>
      <input type="hidden" name="version" value={version} />
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {fields.map((field) => (
        <fieldset key={field.name} class="field">
          <legend class="label">{field.label}</legend>
          <div class="choices">
            <Choice name={field.name} who="Yours" {...field.yours} checked />
            <Choice name={field.name} who="Saved now" {...field.theirs} />
          </div>
        </fieldset>
      ))}
      <div class="form-actions">
        <Button variant="primary">Save choice</Button>
        <ButtonLink href={cancelHref} variant="quiet">Discard mine</ButtonLink>
      </div>
    </form>
  );
}

function Choice({ name, who, value, text, checked }: {
  name: string;
  who: string;
  value: string;
  text: string;
  checked?: boolean | undefined;
}) {
  return (
    <label class="choice">
      <input type="radio" name={name} value={value} checked={checked} />
      <span class="grow">
        <span class="choice-who">{who}</span>
        {text || "(empty)"}
      </span>
    </label>
  );
}
