import { z } from "zod";
import { line, prose } from "@/domain/validation.ts";

const KIB = 1024;

/** Half a surrogate pair can't be kept as UTF-8 or JSON: it becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}

/** Title, on one line whatever was typed. */
export const title = line(1, 200).transform((text) => wellFormed(text).replaceAll(/\s+/g, " "));

/** Markdown that may be empty, of at most 64 KiB. */
export const description = prose(0, 64 * KIB).transform(wellFormed);

/** Markdown that says something, of at most 64 KiB. */
export const body = prose(1, 64 * KIB).transform(wellFormed);

/** Text of at most 2,000 characters that may be empty. */
export const shortText = prose(0, 8 * KIB).transform(wellFormed)
  .refine((text) => text.length <= 2000, "Must have at most 2000 characters");

// Lower case can be longer: its length is what counts.
const tag = z.string().transform((text) => wellFormed(text).toLowerCase().replaceAll(/\s+/g, " ")).pipe(
  line(1, 40),
)
  .refine((text) => !/[,\p{Cc}]/u.test(text), "Must not contain a comma or control character");

/** How many tags a ticket has at most. */
export const MOST_TAGS = 20;

/** Tags, in lower case, each once; a form sends them as one field with commas between. */
export const tags = z.preprocess(
  (value) => typeof value === "string" ? value.split(",").filter((text) => text.trim() !== "") : value,
  z.array(tag).max(MOST_TAGS, `Must be at most ${MOST_TAGS} tags`).transform((list) =>
    [...new Set(list)].sort()
  ),
);
