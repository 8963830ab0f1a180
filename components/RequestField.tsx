import { answerName } from "@/domain/catalog/answers.ts";
import type { FormField } from "@/domain/catalog/fields.ts";
import { Field, fieldId, OptionalMark } from "./Field.tsx";
import { describedBy, FieldNotes } from "./FieldNotes.tsx";
import { RequestFiles } from "./RequestFiles.tsx";

export function RequestField({ field, value, error, condition, kept }: {
  field: FormField;
  value: string | string[] | undefined;
  error: string | undefined;
  /** What the field depends on, in words. */
  condition: string | undefined;
  /** Names of its files that were uploaded before. */
  kept: string[] | undefined;
}) {
  const text = Array.isArray(value) ? value[0] : value;
  const hint = [condition, field.help].filter(Boolean).join(". ") || undefined;
  const shared = {
    name: answerName(field.key),
    label: field.label,
    error,
    hint,
    // The browser must not demand what may not apply.
    required: field.required && condition === undefined,
    optional: !field.required,
    value: text,
  };
  if (field.type === "choices") {
    return <Choices field={field} chosen={listOf(value)} error={error} hint={hint} />;
  }
  if (field.type === "file") {
    return <RequestFiles field={field} ids={listOf(value)} error={error} hint={hint} kept={kept} />;
  }
  if (field.type === "choice") {
    const options = field.options.map((one) => ({ value: one, label: one }));
    return <Field {...shared} kind="select" options={[{ value: "", label: "Choose…" }, ...options]} />;
  }
  if (field.type === "checkbox") {
    return <Field {...shared} kind="checkbox" value="on" checked={text === "on"} />;
  }
  if (field.type === "long_text") return <Field {...shared} kind="textarea" rows={4} />;
  const kinds = { text: "text", number: "text", date: "date", user: "email" } as const;
  return (
    <Field
      {...shared}
      kind={kinds[field.type]}
      inputMode={field.type === "number" ? "numeric" : undefined}
      maxLength={field.type === "text" ? 500 : undefined}
    />
  );
}

function listOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat();
}

function Choices({ field, chosen, error, hint }: {
  field: FormField;
  chosen: string[];
  error: string | undefined;
  hint: string | undefined;
}) {
  const name = answerName(field.key);
  const id = fieldId(name);
  return (
    <fieldset class="field" id={id} aria-describedby={describedBy(id, { hint, error })}>
      <legend class="label">
        {field.label}
        {!field.required && <OptionalMark />}
      </legend>
      {field.options.map((option) => (
        <label key={option} class="check">
          <input type="checkbox" name={name} value={option} checked={chosen.includes(option)} />
          <span>{option}</span>
        </label>
      ))}
      <FieldNotes id={id} hint={hint} error={error} />
    </fieldset>
  );
}
