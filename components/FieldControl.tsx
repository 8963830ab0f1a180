import { Icon } from "./Icon.tsx";
import { Segmented } from "./Segmented.tsx";
import type { Option } from "./types.ts";

export type FieldKind =
  | "text"
  | "email"
  | "password"
  | "search"
  | "url"
  | "tel"
  | "number"
  | "date"
  | "datetime-local"
  | "textarea"
  | "select"
  | "checkbox"
  | "segmented";

/** A control's data. `value` is what was typed, so that it survives a refused form. */
export interface ControlProps {
  name: string;
  kind?: FieldKind | undefined;
  value?: string | undefined;
  checked?: boolean | undefined;
  options?: Option[] | undefined;
  required?: boolean | undefined;
  placeholder?: string | undefined;
  autoComplete?: string | undefined;
  autoFocus?: boolean | undefined;
  inputMode?: "text" | "email" | "numeric" | "tel" | "url" | "search" | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  rows?: number | undefined;
  disabled?: boolean | undefined;
  readOnly?: boolean | undefined;
  /** The id of a list of suggestions. */
  list?: string | undefined;
}

/** The control itself, without label and notes. */
export function FieldControl(
  props: ControlProps & {
    id: string;
    invalid: boolean;
    describedBy: string | undefined;
  },
) {
  const { kind = "text", value, options = [], rows = 4 } = props;
  const attributes = {
    id: props.id,
    name: props.name,
    required: props.required,
    placeholder: props.placeholder,
    autoComplete: props.autoComplete,
    autoFocus: props.autoFocus,
    inputMode: props.inputMode,
    minLength: props.minLength,
    maxLength: props.maxLength,
    disabled: props.disabled,
    readOnly: props.readOnly,
    list: props.list,
    "aria-invalid": props.invalid ? "true" as const : undefined,
    "aria-describedby": props.describedBy,
  };
  if (kind === "segmented") {
    return <Segmented name={props.name} value={value} options={options} id={props.id} />;
  }
  if (kind === "checkbox") {
    return <input {...attributes} type="checkbox" value={value ?? "on"} checked={props.checked} />;
  }
  if (kind === "textarea") return <textarea {...attributes} class="input" rows={rows} value={value} />;
  if (kind === "select") {
    return (
      <span class="select">
        <select {...attributes} class="input">
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="chevronDown" size="sm" />
      </span>
    );
  }
  return <input {...attributes} class="input" type={kind} value={value} />;
}
