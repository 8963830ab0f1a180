import { fieldId } from "./Field.tsx";

/**
 * What is wrong with a form, each message a link to its field; nothing when all is well. `only="general"` leaves out what
 * fields show in place, `unlinked` is for pages without these fields, `message` adds texts; "" is none.
 */
export function ErrorList({ form, message, only = "all", unlinked = false, idPrefix }: {
  form?: { errors: Readonly<Record<string, string>> } | undefined;
  message?: string | readonly string[] | undefined;
  only?: "all" | "general";
  unlinked?: boolean;
  /** The `idPrefix` of the form's fields. */
  idPrefix?: string | undefined;
}) {
  const errors = Object.entries(form?.errors ?? {}).filter(([field]) => only === "all" || field === "");
  for (const text of [message ?? []].flat()) if (text !== "") errors.push(["", text]);
  if (errors.length === 0) return null;
  return (
    <div class="form-errors" role="alert" tabIndex={-1}>
      {errors.length > 1 && <strong>Please check {errors.length} things:</strong>}
      <ul>
        {errors.map(([field, text]) => (
          <li key={field + text}>
            {field && !unlinked ? <a href={`#${fieldId(field, idPrefix)}`}>{text}</a> : text}
          </li>
        ))}
      </ul>
    </div>
  );
}
