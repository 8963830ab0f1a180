export const FIELD_TYPES = [
  "text",
  "long_text",
  "number",
  "choice",
  "choices",
  "date",
  "user",
  "file",
  "checkbox",
] as const;
export const MOST_FIELDS = 40;
export const MOST_OPTIONS = 60;
/** Characters of a question, and of an option. */
export const MOST_LABEL = 120;

export type FieldType = (typeof FIELD_TYPES)[number];

export interface FormField {
  /** The answer's name; stays when the label changes. */
  key: string;
  type: FieldType;
  label: string;
  help: string;
  required: boolean;
  options: string[];
  min?: number | undefined;
  max?: number | undefined;
  /** Asked only where an earlier field has this answer; a ticked box is "yes". */
  showIf: { field: string; equals: string } | null;
}

/** The answers of a field that others can be shown by. */
export function valuesOf(field: Pick<FormField, "type" | "options">): string[] {
  if (field.type === "choice" || field.type === "choices") return field.options;
  return field.type === "checkbox" ? ["yes"] : [];
}

export function isShown(field: FormField, answers: Record<string, unknown>): boolean {
  if (!field.showIf) return true;
  const answer = answers[field.showIf.field];
  const { equals } = field.showIf;
  if (typeof answer === "boolean") return answer && equals === "yes";
  return Array.isArray(answer) ? answer.includes(equals) : answer === equals;
}
