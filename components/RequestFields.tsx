import type { FormField } from "@/domain/catalog/fields.ts";
import { Field, fieldId } from "./Field.tsx";
import { Icon } from "./Icon.tsx";

/** What was typed, by the key of the field. */
export type Typed = Record<string, string | string[] | undefined>;

/** The name that an answer's control has in a form. */
export function answerName(key: string): string {
  return `answers.${key}`;
}

/**
 * A form's fields. `live`: only what is shown is given; else everything is there, and what depends on an answer says so.
 */
export function RequestFields({ fields, all, values, errors, live, kept = {} }: {
  fields: readonly FormField[];
  /** Every field of the form, to word conditions. */
  all: readonly FormField[];
  values: Typed;
  errors: Record<string, string>;
  live: boolean;
  /** Names of files that are here already, by field. */
  kept?: Record<string, string[]>;
}) {
  return (
    <>
      {fields.map((field) => (
        <RequestField
          key={field.key}
          field={field}
          value={values[field.key]}
          error={errors[field.key]}
          condition={live ? undefined : conditionOf(field, all)}
          kept={kept[field.key]}
        />
      ))}
    </>
  );
}

interface RequestFieldProps {
  field: FormField;
  value: string | string[] | undefined;
  error: string | undefined;
  condition: string | undefined;
  kept: string[] | undefined;
}

function RequestField({ field, value, error, condition, kept }: RequestFieldProps) {
  const text = Array.isArray(value) ? value[0] : value;
  const hint = [condition, field.help].filter(Boolean).join(". ") || undefined;
  const shared = {
    name: answerName(field.key),
    label: field.label,
    error,
    hint,
    // What isn't asked for yet can't be demanded by the browser.
    required: field.required && condition === undefined,
    optional: !field.required,
    value: text,
  };
  if (field.type === "choices") {
    const chosen = Array.isArray(value) ? value : value === undefined ? [] : [value];
    return <Choices field={field} chosen={chosen} error={error} hint={hint} />;
  }
  if (field.type === "file") {
    return <Files field={field} error={error} hint={hint} kept={kept} value={value} />;
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

function Choices({ field, chosen, error, hint }: {
  field: FormField;
  chosen: string[];
  error: string | undefined;
  hint: string | undefined;
}) {
  const name = answerName(field.key);
  return (
    <fieldset class="field" id={fieldId(name)}>
      <legend class="label">
        {field.label}
        {!field.required && <span class="optional">(optional)</span>}
      </legend>
      {field.options.map((option) => (
        <label key={option} class="check">
          <input type="checkbox" name={name} value={option} checked={chosen.includes(option)} />
          <span>{option}</span>
        </label>
      ))}
      <Notes hint={hint} error={error} />
    </fieldset>
  );
}

function Files({ field, error, hint, kept, value }: {
  field: FormField;
  error: string | undefined;
  hint: string | undefined;
  kept: string[] | undefined;
  value: string | string[] | undefined;
}) {
  const name = answerName(field.key);
  const ids = Array.isArray(value) ? value.join(",") : value;
  return (
    <div class="field">
      <label class="label" for={fieldId(name)}>
        {field.label}
        {!field.required && <span class="optional">(optional)</span>}
      </label>
      {ids && kept && kept.length > 0 && (
        <>
          <input type="hidden" name={name} value={ids} />
          <p class="hint">Here already: {kept.join(", ")}</p>
        </>
      )}
      <input class="input" id={fieldId(name)} type="file" name={name} multiple />
      <Notes hint={hint} error={error} />
    </div>
  );
}

function Notes({ hint, error }: { hint: string | undefined; error: string | undefined }) {
  return (
    <>
      {hint && <p class="hint">{hint}</p>}
      {error && (
        <p class="field-error">
          <Icon name="alert" size="sm" />
          <span>{error}</span>
        </p>
      )}
    </>
  );
}

/** On what a field depends, in words. */
function conditionOf(field: FormField, all: readonly FormField[]): string | undefined {
  if (!field.showIf) return undefined;
  const { field: key, equals } = field.showIf;
  const asked = all.find((one) => one.key === key);
  if (!asked) return undefined;
  return asked.type === "checkbox"
    ? `Only when “${asked.label}” is ticked`
    : `Only when “${asked.label}” is “${equals}”`;
}
