import { MOST_FILES } from "@/domain/attachments/types.ts";
import { byteLength, hasNul, isSeen, TEXT_PROBLEMS, toProse, withoutDirectionMarks } from "@/domain/text.ts";
import { type FieldType, type FormField, isShown } from "./fields.ts";

/** An answer as it is kept: texts, numbers, dates as 2026-01-31, ids of a person or of files, lists, yes or no. */
export type Answer = string | number | boolean | string[];
export type Answers = Record<string, Answer>;

/** What a form has typed into it, by the key of the field. */
export type TypedAnswers = Record<string, string | string[] | undefined>;

/** The name that an answer's control has in a form, and its problem among the errors. */
export function answerName(key: string): string {
  return `answers.${key}`;
}

/** What is wrong with an answer; of a list the path names the entry too. */
export interface AnswerProblem {
  path: (string | number)[];
  message: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** All answers together, in bytes of JSON: they become the ticket's description too. */
const MOST_BYTES = 48 * 1024;
const MOST_CHARACTERS = 500;
const MOST_TEXT_BYTES = 16 * 1024;
const MOST_CHOICES = 100;
const LARGEST = 1e15;

/** In the browser as on the server: form texts and JSON values end as the same answers. Hidden fields aren't kept. */
export function checkAnswers(
  fields: readonly FormField[],
  given: Record<string, unknown>,
): { answers: Answers; problems: AnswerProblem[] } {
  const answers: Answers = {};
  const problems: AnswerProblem[] = [];
  for (const field of fields) {
    if (!isShown(field, answers)) continue;
    const value = Object.hasOwn(given, field.key) ? given[field.key] : undefined;
    if (isEmpty(value)) {
      if (field.required) problems.push({ path: [field.key], message: missing(field.type) });
      continue;
    }
    const checked = CHECKS[field.type](value, field);
    if ("answer" in checked) answers[field.key] = checked.answer;
    else {problems.push(
        ...checked.problems.map(({ path, message }) => ({ path: [field.key, ...path], message })),
      );}
  }
  if (byteLength(JSON.stringify(answers)) > MOST_BYTES) {
    problems.push({ path: [], message: `The answers are over ${MOST_BYTES / 1024} KiB together` });
  }
  return { answers, problems };
}

/** An unticked box is no answer, like an empty text. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === undefined || value === null || value === false ||
    Array.isArray(value) && value.length === 0;
}

function missing(type: FieldType): string {
  if (type === "checkbox") return "Must be ticked";
  if (type === "choice" || type === "choices") return "Choose an option";
  return type === "file" ? "Add a file" : TEXT_PROBLEMS.empty;
}

type Checked = { answer: Answer } | { problems: AnswerProblem[] };

const CHECKS: Record<FieldType, (value: unknown, field: FormField) => Checked> = {
  text: (value) =>
    checkText(value, (text) => {
      const line = withoutDirectionMarks(text).trim();
      return { text: line, tooLong: line.length > MOST_CHARACTERS && TEXT_PROBLEMS.tooLong(MOST_CHARACTERS) };
    }),
  long_text: (value) =>
    checkText(value, (text) => {
      const prose = toProse(text);
      const tooLong = byteLength(prose) > MOST_TEXT_BYTES && TEXT_PROBLEMS.tooLarge(MOST_TEXT_BYTES);
      return { text: prose, tooLong };
    }),
  number: (value, { min = -LARGEST, max = LARGEST }) => {
    const number = typeof value === "string" ? Number(value.trim().replace(",", ".")) : value;
    if (typeof number !== "number" || !Number.isFinite(number)) return wrong("Must be a number");
    if (number < min) return wrong(`Must be at least ${min}`);
    return number > max ? wrong(`Must be at most ${max}`) : { answer: number };
  },
  choice: (value, { options }) =>
    isOneOf(options, value) ? { answer: value } : wrong("Choose one of the options"),
  choices: (value, { options }) =>
    checkList(typeof value === "string" ? [value] : value, {
      most: MOST_CHOICES,
      check: (one) => isOneOf(options, one) ? { answer: one } : wrong("Choose from the options"),
    }),
  date: (value) =>
    typeof value === "string" && isDate(value)
      ? { answer: value }
      : wrong("Must be a date such as 2026-01-31"),
  user: (value) => {
    const text = typeof value === "string" ? value.trim().toLowerCase() : "";
    if (text.length > 254) return wrong(TEXT_PROBLEMS.tooLong(254));
    const named = UUID.test(text) || /^[^\s@]+@[^\s@]+$/.test(text);
    return named ? { answer: text } : wrong("Must be a person's email address");
  },
  // Forms keep the ids of files in one hidden field, with commas.
  file: (value) =>
    checkList(typeof value === "string" ? value.split(",").filter(Boolean) : value, {
      most: MOST_FILES,
      check: (one) => {
        const id = typeof one === "string" ? one.trim().toLowerCase() : "";
        return UUID.test(id) ? { answer: id } : wrong("Must be the id of an upload");
      },
    }),
  checkbox: (value) =>
    value === true || ["on", "yes", "true"].includes(String(value))
      ? { answer: true }
      : wrong("Must be true or false"),
};

function wrong(message: string): { problems: AnswerProblem[] } {
  return { problems: [{ path: [], message }] };
}

function checkText(
  value: unknown,
  read: (text: string) => { text: string; tooLong: string | false },
): Checked {
  if (typeof value !== "string") return wrong("Must be text");
  const { text, tooLong } = read(value);
  const messages = [hasNul(text) && TEXT_PROBLEMS.nul, !isSeen(text) && TEXT_PROBLEMS.empty, tooLong]
    .filter((message) => message !== false);
  return messages.length === 0
    ? { answer: text.toWellFormed() }
    : { problems: messages.map((message) => ({ path: [], message })) };
}

/** Each entry by itself; those that are given twice are kept once. */
function checkList(
  value: unknown,
  { most, check }: { most: number; check: (one: unknown) => { answer: string } | ReturnType<typeof wrong> },
): Checked {
  if (!Array.isArray(value)) return wrong("Must be a list");
  if (value.length > most) return wrong(`Must be at most ${most}`);
  const checked = value.map(check);
  const problems = checked.flatMap((one, i) =>
    "problems" in one ? one.problems.map(({ message }) => ({ path: [i], message })) : []
  );
  if (problems.length > 0) return { problems };
  return { answer: [...new Set(checked.flatMap((one) => "answer" in one ? [one.answer] : []))] };
}

function isOneOf(options: readonly string[], value: unknown): value is string {
  return typeof value === "string" && options.includes(value);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
