import { z } from "zod";
import { DomainError, type FieldError } from "./errors.ts";
import { byteLength, hasNul, isSeen, TEXT_PROBLEMS, toProse, withoutDirectionMarks } from "./text.ts";

/** `prefix` is put before each path, as "query". @throws DomainError invalid, with one entry for each problem */
export function parse<S extends z.ZodType>(schema: S, value: unknown, prefix = ""): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DomainError("invalid", undefined, { errors: fieldErrors(parsed.error, prefix) });
}

/** For a value that may not be valid, such as one stored by an earlier version. */
export function tryParse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> | undefined {
  return schema.safeParse(value).data;
}

function fieldErrors(error: z.ZodError, prefix: string): FieldError[] {
  return error.issues.map((issue) => ({
    path: [prefix, ...issue.path.map(String)].filter(Boolean).join("."),
    code: issue.code === "custom" ? String(issue.params?.code ?? issue.code) : issue.code,
    message: issue.message,
  }));
}

/** Trimmed, without marks that turn text, without NUL, of `min` to `max` characters. */
export function line(min: number, max: number): z.ZodType<string, string> {
  return z.string().overwrite(withoutDirectionMarks).trim()
    .refine((text) => !hasNul(text), TEXT_PROBLEMS.nul)
    .refine((text) => min === 0 || text === "" || isSeen(text), TEXT_PROBLEMS.empty)
    .min(min, min === 1 ? TEXT_PROBLEMS.empty : `Must have at least ${min} characters`)
    .max(max, TEXT_PROBLEMS.tooLong(max));
}

/** A longer text of at most `maxBytes` bytes in UTF-8; CRLF becomes LF. */
export function prose(min: number, maxBytes: number): z.ZodType<string, string> {
  return z.string().transform(toProse)
    .refine((text) => !hasNul(text), TEXT_PROBLEMS.nul)
    .refine((text) => text.length >= min && (min === 0 || isSeen(text)), TEXT_PROBLEMS.empty)
    .refine((text) => byteLength(text) <= maxBytes, TEXT_PROBLEMS.tooLarge(maxBytes));
}

/** In any case, kept in lower case (RFC 9562). */
export const id: z.ZodType<string, string> = z.string().toLowerCase().pipe(z.guid("Must be an id"));

/** Undefined for anything that isn't an id. */
export function parseId(value: unknown): string | undefined {
  return id.safeParse(value).data;
}

/** An empty text in a form means that it isn't there. */
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

/** An empty text in a form means null. */
export function emptyAsNull<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => value === "" ? null : value, schema);
}

/** Null, or empty in a form, removes; not there changes nothing. */
export const reference = emptyAsNull(id.nullable().optional());

/** As JSON has it, or as forms do: "on" and "off", "true" and "false", "yes" and "no". */
export const formBoolean = z.preprocess(
  (value) => typeof value === "string" ? BOXES[value] ?? value : value,
  z.boolean("Must be true or false"),
);

/** Whether a form's field says yes. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && BOXES[value] === true;
}

/** Forms send it as text. */
export const version = z.coerce.number().int().min(1).max(2_147_483_647);

const INSTANT = "Must be a time such as 2026-01-31T09:00:00Z";
const FIRST = Date.UTC(1970, 0);
const LAST = Date.UTC(10_000, 0);

/** RFC 3339 from 1970 to 9999, with an offset of at most 14 hours; kept in UTC. */
export const instant = z.iso.datetime({ offset: true, message: INSTANT, abort: true })
  .refine(
    (text) => /(?:Z|[+-](?:0\d|1[0-3]):\d\d|[+-]14:00)$/.test(text) && isBetween(Date.parse(text)),
    INSTANT,
  )
  .transform((text) => new Date(text).toISOString());

function isBetween(time: number): boolean {
  return time >= FIRST && time < LAST;
}
