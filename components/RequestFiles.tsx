import { answerName } from "@/domain/catalog/answers.ts";
import type { FormField } from "@/domain/catalog/fields.ts";
import { fieldId, OptionalMark } from "./Field.tsx";
import { describedBy, FieldNotes } from "./FieldNotes.tsx";

/** A question that is answered by files; those of an earlier attempt are sent again by their ids. */
export function RequestFiles({ field, ids, error, hint, kept = [] }: {
  field: FormField;
  ids: string[];
  error: string | undefined;
  hint: string | undefined;
  /** Names of the files behind `ids`. */
  kept: string[] | undefined;
}) {
  const name = answerName(field.key);
  const id = fieldId(name);
  return (
    <div class="field">
      <label class="label" for={id}>
        {field.label}
        {!field.required && <OptionalMark />}
      </label>
      {ids.length > 0 && kept.length > 0 && (
        <>
          <input type="hidden" name={name} value={ids.join(",")} />
          <p class="hint">Already uploaded: {kept.join(", ")}</p>
        </>
      )}
      <input
        class="input"
        id={id}
        type="file"
        name={name}
        multiple
        aria-describedby={describedBy(id, { hint, error })}
      />
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  );
}
