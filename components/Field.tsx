import type { ComponentChildren } from "preact";
import { Icon } from "./Icon.tsx";
import { Segmented } from "./Segmented.tsx";
import type { Option } from "./types.ts";

/** The kinds of field that a form can ask for. */
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

/** A field's data. `value` is what was typed, so that it survives a refused form. */
export interface FieldProps {
  name: string;
  label: string;
  kind?: FieldKind | undefined;
  value?: string | undefined;
  checked?: boolean | undefined;
  options?: Option[] | undefined;
  hint?: ComponentChildren;
  error?: string | undefined;
  required?: boolean | undefined;
  /** Says "optional" beside the label; for forms where most fields are required. */
  optional?: boolean | undefined;
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
  /** Put before the id where two forms on a page have fields of one name. */
  idPrefix?: string | undefined;
}

/** The id of a field's control, for links to it. */
export function fieldId(name: string, idPrefix = "f"): string {
  return `${idPrefix}-${name}`;
}

/** Label, control, hint and the error beside it, joined by ids for assistive technology. */
export function Field(props: FieldProps) {
  const { label, kind = "text", hint, error, optional } = props;
  const id = fieldId(props.name, props.idPrefix);
  const notes = (
    <>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          <Icon name="alert" size="sm" />
          <span>{error}</span>
        </p>
      )}
    </>
  );
  if (kind === "checkbox") {
    return (
      <div class="field">
        <label class="check">
          <input {...shared(props, id)} type="checkbox" value={props.value ?? "on"} checked={props.checked} />
          <span>{label}</span>
        </label>
        {notes}
      </div>
    );
  }
  if (kind === "segmented") {
    return (
      <fieldset class="field" aria-describedby={describedBy(props, id)}>
        <legend class="label">{label}</legend>
        <Segmented name={props.name} value={props.value} options={props.options ?? []} id={id} />
        {notes}
      </fieldset>
    );
  }
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
        {optional && <span class="optional">(optional)</span>}
      </label>
      <Control {...props} id={id} />
      {notes}
    </div>
  );
}

function Control(props: FieldProps & { id: string }) {
  const { kind = "text", value, options = [], rows = 4, id } = props;
  if (kind === "textarea") {
    return <textarea {...shared(props, id)} class="input" rows={rows} value={value} />;
  }
  if (kind === "select") {
    return (
      <span class="select">
        <select {...shared(props, id)} class="input">
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
  return <input {...shared(props, id)} class="input" type={kind} value={value} />;
}

function shared(props: FieldProps, id: string) {
  return {
    id,
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
    "aria-invalid": props.error ? "true" as const : undefined,
    "aria-describedby": describedBy(props, id),
  };
}

function describedBy({ hint, error }: FieldProps, id: string): string | undefined {
  return [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;
}
