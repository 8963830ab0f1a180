import { z } from "zod";
import { DomainError, type FieldError } from "./errors.ts";

/**
 * Parses `value` by `schema`.
 *
 * @param prefix put before each path, as "query"
 * @throws DomainError invalid, with one entry for each thing that is wrong
 */
export function parse<S extends z.ZodType>(schema: S, value: unknown, prefix = ""): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DomainError("invalid", undefined, { errors: fieldErrors(parsed.error, prefix) });
}

function fieldErrors(error: z.ZodError, prefix: string): FieldError[] {
  return error.issues.map((issue) => ({
    path: [prefix, ...issue.path.map(String)].filter(Boolean).join("."),
    code: issue.code,
    message: issue.message,
  }));
}

const NUL = /\0/;
const SEEN = /[^\p{Cc}\p{Cf}\p{Z}\u034f\u115f\u1160\u2800\u3164\uffa0]/u;

/** Whether a text has a character that shows: blanks and marks that only join or turn text leave a name empty. */
export function isSeen(text: string): boolean {
  return SEEN.test(text);
}

/** Text that PostgreSQL can hold (no NUL), trimmed, of `min` to `max` characters. */
export function line(min: number, max: number): z.ZodType<string, string> {
  return z.string().trim()
    .refine((text) => !NUL.test(text), "Must not contain the character U+0000")
    .refine((text) => min === 0 || text === "" || isSeen(text), "Must not be empty")
    .min(min, min === 1 ? "Must not be empty" : `Must have at least ${min} characters`)
    .max(max, `Must have at most ${max} characters`);
}

const encoder = new TextEncoder();

/** A longer text, as it is but for line ends (CRLF from forms becomes LF), of at most `maxBytes` bytes in UTF-8. */
export function prose(min: number, maxBytes: number): z.ZodType<string, string> {
  return z.string().transform((text) => text.replaceAll("\r\n", "\n").trim())
    .refine((text) => !NUL.test(text), "Must not contain the character U+0000")
    .refine((text) => text.length >= min && (min === 0 || isSeen(text)), "Must not be empty")
    .refine((text) => encoder.encode(text).length <= maxBytes, `Must have at most ${maxBytes / 1024} KiB`);
}

/** An id as it comes from outside: any case, kept in lower case (RFC 9562). */
export const id: z.ZodType<string, string> = z.string().toLowerCase().pipe(z.guid("Must be an id"));

/** An id as it comes from outside; undefined for what is none. */
export function parseId(value: unknown): string | undefined {
  return id.safeParse(value).data;
}

/** A field that a form leaves empty where JSON leaves it out. */
export function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => value === "" ? undefined : value, schema.optional());
}

const BOXES: Readonly<Record<string, boolean>> = {
  on: true,
  true: true,
  yes: true,
  off: false,
  false: false,
  no: false,
};

/** Yes or no as JSON has it, or as a form says it: "on" and "off", "true" and "false", "yes" and "no". */
export const formBoolean = z.preprocess(
  (value) => typeof value === "string" ? BOXES[value] ?? value : value,
  z.boolean("Must be true or false"),
);

/** Whether a form's field, as it came, says yes. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && BOXES[value] === true;
}

/** The version of a thing that a change is based on; forms send it as text. */
export const version = z.coerce.number().int().min(1).max(2_147_483_647);

const INSTANT = "Must be a time such as 2026-01-31T09:00:00Z";
const FIRST = Date.UTC(1970, 0);
const LAST = Date.UTC(10_000, 0);

/** A point in time as RFC 3339 has it, from 1970 to 9999, with an offset of at most 14 hours; kept in UTC. */
export const instant = z.iso.datetime({ offset: true, message: INSTANT })
  .refine(
    (text) => /(?:Z|[+-](?:0\d|1[0-3]):\d\d|[+-]14:00)$/.test(text) && isBetween(Date.parse(text)),
    INSTANT,
  )
  .transform((text) => new Date(text).toISOString());

function isBetween(time: number): boolean {
  return time >= FIRST && time < LAST;
}
