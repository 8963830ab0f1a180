import { z } from "zod";
import { byteLength, isSeen, TEXT_PROBLEMS, withoutUnseen } from "@/domain/text.ts";

/** These must not get into a header, a log or a page. */
const CONTROL = /\p{Cc}/u;

export const Email = z.string().trim().max(254, "Must have at most 254 characters")
  .regex(z.regexes.email, "Must be an email address");

export const Name = z.string().trim().min(1, "Must not be empty").max(120, "Must have at most 120 characters")
  .refine((text) => !CONTROL.test(text), "Must not contain control characters")
  .refine((text) => text === "" || isSeen(text), "Must not be empty")
  // Nobody is to look like somebody else.
  .refine((text) => text.length > 120 || withoutUnseen(text) === text, TEXT_PROBLEMS.unseen);

const MOST_BYTES = 1024;

/** By its raw length, before anything is computed of it. Whether it is good enough is for `assertGoodPassword`. */
export const Password = z.string().min(1, "Must not be empty").superRefine((text, check) => {
  if (text.length <= MOST_BYTES && byteLength(text) <= MOST_BYTES) return;
  const message = `Must have at most ${MOST_BYTES} bytes`;
  check.addIssue({ code: "custom", params: { code: "too_long" }, message });
});

/** Empty counts as unset. */
export const Slug = z.string().trim().toLowerCase().max(48, "Must have at most 48 characters")
  .refine((text) => !CONTROL.test(text), "Must not contain control characters");

export const Token = z.string().trim().min(1, "Must not be empty").max(
  300,
  "Must have at most 300 characters",
);

/** BCP 47. */
export const Locale = z.string().max(35).refine(isLocale, "Must be a language such as en or en-GB");

/** IANA. */
export const TimeZone = z.string().max(64).refine(isTimeZone, "Must be a time zone such as Europe/Vienna");

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}
