import { isOn } from "@/domain/validation.ts";
import { Field, type FieldProps } from "./Field.tsx";

interface Props extends Omit<FieldProps, "error"> {
  form: {
    values: Readonly<Record<string, string>>;
    errors: Readonly<Record<string, string>>;
    sent?: unknown;
  };
}

/**
 * A field of a form that may have been refused: it shows what was typed, else `value` or `checked`, and its error.
 *
 * ```tsx
 * <FormField form={form} name="name" label="Name" value={queue.name} required />
 * ```
 */
export function FormField({ form: { values, errors, sent }, ...field }: Props) {
  const typed = values[field.name];
  const shown = field.kind === "checkbox"
    ? { checked: sent ? isOn(typed) : field.checked }
    : { value: typed ?? field.value };
  return <Field {...field} {...shown} error={errors[field.name]} />;
}

/** The field for a new password. */
export function NewPasswordField({ label, ...field }: Pick<Props, "form" | "name" | "label" | "autoFocus">) {
  return (
    <FormField
      {...field}
      label={label}
      kind="password"
      hint="At least 12 characters. A few random words work well."
      autoComplete="new-password"
      minLength={12}
      required
    />
  );
}
