import { z } from "zod";
import { wellFormed } from "@/domain/shared/fields.ts";
import { line, prose } from "@/domain/validation.ts";
import { type Answers, checkAnswers } from "./answers.ts";
import { FIELD_TYPES, type FormField, MOST_FIELDS, MOST_LABEL, MOST_OPTIONS, valuesOf } from "./fields.ts";

/** A list, or a form's text with one a line. */
const options = z.preprocess(
  (value) => typeof value === "string" ? value.split("\n").map((one) => one.trim()).filter(Boolean) : value,
  z.array(line(1, MOST_LABEL).transform(wellFormed)).max(
    MOST_OPTIONS,
    `Must be at most ${MOST_OPTIONS} choices`,
  )
    .transform((list) => [...new Set(list)]),
);
const limit = z.preprocess(
  (value) => value === "" || value === null ? undefined : value,
  z.coerce.number().min(-1e12).max(1e12).optional(),
);

const Field = z.object({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "Must be a–z, 0–9 and _, and begin with a letter"),
  type: z.enum(FIELD_TYPES),
  label: line(1, MOST_LABEL).transform(wellFormed),
  help: prose(0, 1024).transform(wellFormed).default(""),
  required: z.boolean().default(false),
  options: options.default([]),
  min: limit,
  max: limit,
  showIf: z.object({ field: z.string(), equals: line(1, 120) }).nullable().default(null),
}) satisfies z.ZodType<FormField>;

export const FormDefinition = z.array(Field).max(MOST_FIELDS, `Must be at most ${MOST_FIELDS} fields`)
  .superRefine((fields, check) => {
    const earlier = new Map<string, FormField>();
    fields.forEach((field, i) => {
      const wrong = (path: string, message: string) =>
        check.addIssue({ code: "custom", path: [i, path], message });
      if (earlier.has(field.key)) wrong("key", "Another field has this key");
      if (/^choices?$/.test(field.type) && field.options.length === 0) {
        wrong("options", "Add at least one choice");
      }
      if (field.min !== undefined && field.max !== undefined && field.min > field.max) {
        wrong("max", "Must not be below the minimum");
      }
      if (field.showIf) {
        const { field: name, equals } = field.showIf;
        const asked = earlier.get(name);
        if (!asked || !valuesOf(asked).includes(equals)) {
          wrong("showIf", "Must be an answer of an earlier choice or checkbox");
        }
      }
      earlier.set(field.key, field);
    });
  });

/** Unknown keys are dropped. The browser runs the same checks without a schema. */
export function answersSchema(fields: readonly FormField[]): z.ZodType<Answers, unknown> {
  return z.record(z.string(), z.unknown()).transform((given, check) => {
    const { answers, problems } = checkAnswers(fields, given);
    for (const problem of problems) check.addIssue({ code: "custom", ...problem });
    return answers;
  });
}
