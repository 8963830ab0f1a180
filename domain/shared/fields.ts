import { z } from "zod";
import { line, prose } from "@/domain/validation.ts";

const KIB = 1024;

/** Half a surrogate pair, which UTF-8 and JSON can't hold, becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}

/** On one line. */
export const title = line(1, 200).transform((text) => wellFormed(text).replaceAll(/\s+/g, " "));

export const description = prose(0, 64 * KIB).transform(wellFormed);

export const body = prose(1, 64 * KIB).transform(wellFormed);

export const shortText = prose(0, 8 * KIB).transform(wellFormed)
  .refine((text) => text.length <= 2000, "Must have at most 2000 characters");

// Lower case can be longer: its length counts.
const tag = z.string().transform((text) => wellFormed(text).toLowerCase().replaceAll(/\s+/g, " ")).pipe(
  line(1, 40),
)
  .refine((text) => !/[,\p{Cc}]/u.test(text), "Must not contain a comma or control character");

export const MOST_TAGS = 20;

/** In lower case, each once; a form sends one text with commas. */
export const tags = z.preprocess(
  (value) => typeof value === "string" ? value.split(",").filter((text) => text.trim() !== "") : value,
  z.array(tag).max(MOST_TAGS, `Must be at most ${MOST_TAGS} tags`).transform((list) =>
    [...new Set(list)].sort()
  ),
);

/** Who sees it: everybody who sees the ticket, or staff alone. */
export const Visibility = z.enum(["public", "internal"], "Must be public or internal");
