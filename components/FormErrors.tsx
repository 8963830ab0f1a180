import { fieldId } from "./Field.tsx";
import type { FieldError } from "./types.ts";

/** What went wrong with a form, with a link to each field; nothing when all is well. */
export function FormErrors({ errors, idPrefix }: {
  errors: FieldError[];
  idPrefix?: string | undefined;
}) {
  if (errors.length === 0) return null;
  return (
    <div class="form-errors" role="alert" tabIndex={-1}>
      {errors.length > 1 && <strong>Please check {errors.length} things:</strong>}
      <ul>
        {errors.map(({ field, message }) => (
          <li key={field + message}>
            {field ? <a href={`#${fieldId(field, idPrefix)}`}>{message}</a> : message}
          </li>
        ))}
      </ul>
    </div>
  );
}
