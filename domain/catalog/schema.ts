import { z } from "zod";
import { line, prose } from "@/domain/validation.ts";
import { type FormField, isShown } from "./fields.ts";

/** An answer as it is kept: texts, numbers, dates as 2026-01-31, ids of a person or of files, lists, yes or no. */
export type Answer = string | number | boolean | string[];
export type Answers = Record<string, Answer>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** All answers together, in bytes of JSON: they become the ticket's description too. */
const MOST_BYTES = 48 * 1024;

/**
 * The schema of a form's answers. It serves the page, the island and the API: HTML forms give texts, JSON gives values,
 * and both end as the same answers. What isn't shown is neither asked for nor kept; unknown keys are dropped.
 */
export function answersSchema(fields: readonly FormField[]): z.ZodType<Answers, unknown> {
  return z.record(z.string(), z.unknown()).transform((given, check) => {
    const answers: Answers = {};
    for (const field of fields) {
      if (!isShown(field, answers)) continue;
      const value = Object.hasOwn(given, field.key) ? given[field.key] : undefined;
      const parsed = answerSchema(field).safeParse(value);
      if (!parsed.success) {
        for (const issue of parsed.error.issues) {
          check.addIssue({ code: "custom", path: [field.key, ...issue.path], message: issue.message });
        }
      } else if (parsed.data !== undefined) answers[field.key] = parsed.data;
    }
    if (new TextEncoder().encode(JSON.stringify(answers)).length > MOST_BYTES) {
      check.addIssue({ code: "custom", message: `The answers are over ${MOST_BYTES / 1024} KiB together` });
    }
    return answers;
  });
}

/** The schema of one answer; undefined is none. */
function answerSchema(field: FormField): z.ZodType<Answer | undefined> {
  const schema = SCHEMAS[field.type](field);
  return z.unknown().transform((value, check): Answer | undefined => {
    if (isEmpty(value)) {
      if (field.required) check.addIssue({ code: "custom", message: missing(field) });
      return undefined;
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) check.addIssue({ code: "custom", path, message });
    return undefined;
  });
}

/** A box that isn't ticked is no answer, as a text that isn't there. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === undefined || value === null || value === false ||
    Array.isArray(value) && value.length === 0;
}

function missing({ type }: FormField): string {
  if (type === "checkbox") return "Must be ticked";
  if (type === "choice" || type === "choices") return "Choose something";
  return type === "file" ? "Add a file" : "Must not be empty";
}

const SCHEMAS: Record<FormField["type"], (field: FormField) => z.ZodType<Answer>> = {
  text: () => line(1, 500).transform((text) => text.toWellFormed()),
  long_text: () => prose(1, 16 * 1024).transform((text) => text.toWellFormed()),
  number: ({ min = -1e15, max = 1e15 }) =>
    z.preprocess(
      (value) => typeof value === "string" ? Number(value.trim().replace(",", ".")) : value,
      z.number("Must be a number").min(min, `Must be at least ${min}`).max(max, `Must be at most ${max}`),
    ),
  choice: ({ options }) =>
    z.string().refine((value) => options.includes(value), "Choose one of the answers given"),
  choices: ({ options }) =>
    listOf(z.string().refine((value) => options.includes(value), "Choose among the answers given")),
  date: () => z.iso.date("Must be a date such as 2026-01-31"),
  user: () =>
    z.string().trim().toLowerCase().max(254)
      .refine(
        (text) => UUID.test(text) || /^[^\s@]+@[^\s@]+$/.test(text),
        "Must be somebody's e-mail address",
      ),
  file: () => listOf(z.string().trim().toLowerCase().regex(UUID, "Must be the id of an upload"), 10),
  checkbox: () =>
    z.preprocess(
      (value) => ["on", "yes", "true"].includes(String(value)) ? true : value,
      z.literal(true, "Must be true or false"),
    ),
};

/** Several of one kind: a list, or from a form one of them, or several with commas where they are ids. */
function listOf(one: z.ZodType<string, string>, most = 100): z.ZodType<string[]> {
  return z.preprocess(
    (value) => typeof value === "string" ? (most === 10 ? value.split(",").filter(Boolean) : [value]) : value,
    z.array(one).max(most, `Must be at most ${most}`).transform((list) => [...new Set(list)]),
  );
}
