import type { TypedAnswers } from "@/domain/catalog/answers.ts";
import type { FormField } from "@/domain/catalog/fields.ts";
import { RequestField } from "./RequestField.tsx";

/** A form's fields. `live`: `fields` are those that are shown; else all are, and each says what it depends on. */
export function RequestFields({ fields, all, values, errors, live, kept = {} }: {
  fields: readonly FormField[];
  /** Every field of the form, to word conditions. */
  all: readonly FormField[];
  values: TypedAnswers;
  errors: Record<string, string>;
  live: boolean;
  /** Names of files that were uploaded before, by field. */
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

function conditionOf(field: FormField, all: readonly FormField[]): string | undefined {
  if (!field.showIf) return undefined;
  const { field: key, equals } = field.showIf;
  const asked = all.find((one) => one.key === key);
  if (!asked) return undefined;
  return asked.type === "checkbox"
    ? `Only when “${asked.label}” is ticked`
    : `Only when “${asked.label}” is “${equals}”`;
}
