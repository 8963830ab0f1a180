import {
  FIELD_TYPES,
  type FieldType,
  type FormField,
  MOST_FIELDS,
  MOST_LABEL,
  MOST_OPTIONS,
  valuesOf,
} from "./fields.ts";

/** A field as its editor has it: texts, which may not make sense yet. */
export interface DraftField {
  key: string;
  type: FieldType;
  label: string;
  help: string;
  required: boolean;
  /** One choice a line. */
  options: string;
  min: string;
  max: string;
  /** `key=answer` of an earlier field, or "". */
  showIf: string;
}

type Values = Record<string, string | string[] | undefined>;

const NEW: DraftField = {
  key: "",
  type: "text",
  label: "",
  help: "",
  required: false,
  options: "",
  min: "",
  max: "",
  showIf: "",
};

/** The fields in a form with `fields.0.label` and so on, in the order of their numbers. */
export function readDraft(values: Values): DraftField[] {
  const numbers = new Set<number>();
  for (const name of Object.keys(values)) {
    const number = /^fields\.(\d{1,3})\./.exec(name)?.[1];
    if (number !== undefined) numbers.add(Number(number));
  }
  // One too many is enough to be refused.
  return [...numbers].sort((a, b) => a - b).slice(0, MOST_FIELDS + 1).map((number) => {
    const text = (name: string) => {
      const value = values[`fields.${number}.${name}`];
      return (Array.isArray(value) ? value[0] : value) ?? "";
    };
    const type = FIELD_TYPES.find((one) => one === text("type")) ?? "text";
    return {
      key: text("key"),
      type,
      label: text("label"),
      help: text("help"),
      required: text("required") !== "",
      options: text("options"),
      min: text("min"),
      max: text("max"),
      showIf: text("showIf"),
    };
  });
}

export function toDraft(fields: readonly FormField[]): DraftField[] {
  return fields.map((field) => ({
    key: field.key,
    type: field.type,
    label: field.label,
    help: field.help,
    required: field.required,
    options: field.options.join("\n"),
    min: field.min === undefined ? "" : String(field.min),
    max: field.max === undefined ? "" : String(field.max),
    showIf: field.showIf ? `${field.showIf.field}=${field.showIf.equals}` : "",
  }));
}

/** What a button of the editor does: `add`, `up:1`, `down:1`, `remove:1`; anything else leaves the draft as it is. */
export function changeDraft(draft: readonly DraftField[], what: string): DraftField[] {
  if (what === "add") return [...draft, { ...NEW }];
  const [verb, number] = what.split(":");
  const at = Number(number);
  const next = [...draft];
  if (!Number.isInteger(at) || !next[at]) return next;
  if (verb === "remove") next.splice(at, 1);
  const to = verb === "up" ? at - 1 : verb === "down" ? at + 1 : at;
  if (to !== at && next[to]) [next[at], next[to]] = [next[to]!, next[at]!];
  return next;
}

/** The draft as a definition to be checked; keys that are missing come from the labels. */
export function toDefinition(draft: readonly DraftField[]): FormField[] {
  const taken = new Set(draft.map(({ key }) => key).filter(Boolean));
  return draft.map((field) => {
    const key = field.key || keyOf(field.label, taken);
    taken.add(key);
    const cut = field.showIf.indexOf("=");
    const listed = field.type === "choice" || field.type === "choices";
    const bounded = field.type === "number";
    return {
      key,
      type: field.type,
      label: shortened(field.label),
      help: field.help,
      required: field.required,
      options: listed ? linesOf(field.options) : [],
      min: bounded ? limit(field.min) : undefined,
      max: bounded ? limit(field.max) : undefined,
      showIf: cut > 0 ? { field: field.showIf.slice(0, cut), equals: field.showIf.slice(cut + 1) } : null,
    };
  });
}

/** What a field can be shown by: answers of the choices and boxes before it, as `key=answer` with words. */
export function conditionsFor(
  fields: readonly FormField[],
  at: number,
): { value: string; label: string }[] {
  return fields.slice(0, at).flatMap((field) =>
    valuesOf(field).map((answer) => ({
      value: `${field.key}=${answer}`,
      label: field.type === "checkbox" ? `“${field.label}” is ticked` : `“${field.label}” is “${answer}”`,
    }))
  );
}

function linesOf(text: string): string[] {
  return [...new Set(text.split("\n").map((one) => shortened(one.trim())).filter(Boolean))]
    .slice(0, MOST_OPTIONS + 1);
}

/** Still too long where it was, but it is shown by many fields. */
function shortened(text: string): string {
  return text.slice(0, MOST_LABEL + 1);
}

function limit(text: string): number | undefined {
  return text.trim() === "" ? undefined : Number(text);
}

/** `Cost centre?` → `cost_centre`; a number behind it where that is taken. */
function keyOf(label: string, taken: ReadonlySet<string>): string {
  const plain = shortened(label).normalize("NFKD").toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(
    /^[_0-9]+|_+$/g,
    "",
  )
    .slice(0, 30) || "field";
  for (let number = 1;; number++) {
    const key = number === 1 ? plain : `${plain}_${number}`;
    if (!taken.has(key)) return key;
  }
}
