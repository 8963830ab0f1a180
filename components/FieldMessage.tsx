import { fieldId } from "./Field.tsx";
import { Icon } from "./Icon.tsx";

/** The error of a group of fields; a single {@link Field} shows its own. */
export function FieldMessage({ name, message }: { name: string; message: string | undefined }) {
  return message && (
    <p class="field-error" id={`${fieldId(name)}-error`}>
      <Icon name="alert" size="sm" />
      <span>{message}</span>
    </p>
  );
}
