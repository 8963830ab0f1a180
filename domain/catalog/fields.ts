import { z } from "zod";
import { line, prose } from "@/domain/validation.ts";

/** What a form can ask for. */
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
export type FieldType = (typeof FIELD_TYPES)[number];

export const MOST_FIELDS = 40;
const MOST_OPTIONS = 60;

const wellFormed = (text: string) => text.toWellFormed();
/** Options come as a list, or from a form as a text with one a line. */
const options = z.preprocess(
  (value) => typeof value === "string" ? value.split("\n").map((one) => one.trim()).filter(Boolean) : value,
  z.array(line(1, 120).transform(wellFormed)).max(MOST_OPTIONS, `Must be at most ${MOST_OPTIONS} choices`)
    .transform((list) => [...new Set(list)]),
);
const limit = z.preprocess(
  (value) => value === "" || value === null ? undefined : value,
  z.coerce.number().min(-1e12).max(1e12).optional(),
);

const Field = z.object({
  /** The answer's name; stays when the label changes. */
  key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "Must be a–z, 0–9 and _, and begin with a letter"),
  type: z.enum(FIELD_TYPES),
  label: line(1, 120).transform(wellFormed),
  help: prose(0, 1024).transform(wellFormed).default(""),
  required: z.boolean().default(false),
  options: options.default([]),
  min: limit,
  max: limit,
  /** Asked only where an earlier field has this answer; a ticked box is "yes". */
  showIf: z.object({ field: z.string(), equals: line(1, 120) }).nullable().default(null),
});

export type FormField = z.output<typeof Field>;

/** A form: its fields in order. */
export const FormDefinition = z.array(Field).max(MOST_FIELDS, `Must be at most ${MOST_FIELDS} fields`)
  .superRefine((fields, check) => {
    const earlier = new Map<string, FormField>();
    fields.forEach((field, i) => {
      const wrong = (path: string, message: string) =>
        check.addIssue({ code: "custom", path: [i, path], message });
      if (earlier.has(field.key)) wrong("key", "Another field has this key");
      if (/^choices?$/.test(field.type) && field.options.length === 0) {
        wrong("options", "Needs something to choose from");
      }
      if (field.min !== undefined && field.max !== undefined && field.min > field.max) {
        wrong("max", "Must not be below the least");
      }
      if (field.showIf) {
        const { field: name, equals } = field.showIf;
        const asked = earlier.get(name);
        if (!asked || !valuesOf(asked).includes(equals)) {
          wrong("showIf", "Must be an answer of an earlier choice or box");
        }
      }
      earlier.set(field.key, field);
    });
  });

/** The answers of a field that others can be shown by. */
export function valuesOf(field: Pick<FormField, "type" | "options">): string[] {
  if (field.type === "choice" || field.type === "choices") return field.options;
  return field.type === "checkbox" ? ["yes"] : [];
}

/** Whether a field is asked for, given what was answered before. */
export function isShown(field: FormField, answers: Record<string, unknown>): boolean {
  if (!field.showIf) return true;
  const answer = answers[field.showIf.field];
  const { equals } = field.showIf;
  if (typeof answer === "boolean") return answer && equals === "yes";
  return Array.isArray(answer) ? answer.includes(equals) : answer === equals;
}
