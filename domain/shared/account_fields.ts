import { z } from "zod";
import { isSeen } from "@/domain/text.ts";

/** Control characters: what a name or an address must not bring into a header, a log or a page. */
const CONTROL = /\p{Cc}/u;

/** An e-mail address as it was typed, without the blanks around it. Compared in lower case. */
export const Email = z.string().trim().max(254, "Must have at most 254 characters")
  .regex(z.regexes.email, "Must be an e-mail address");

/** The name of a person or an organisation. */
export const Name = z.string().trim().min(1, "Must not be empty").max(120, "Must have at most 120 characters")
  .refine((text) => !CONTROL.test(text), "Must not contain control characters")
  .refine((text) => text === "" || isSeen(text), "Must not be empty");

/** A password as it was typed. Whether it is good enough is for checkPassword to say. */
export const Password = z.string().min(1, "Must not be empty");

/** The short name of an organisation, as in its addresses; empty counts as unset. */
export const Slug = z.string().trim().toLowerCase().max(48, "Must have at most 48 characters")
  .refine((text) => !CONTROL.test(text), "Must not contain control characters");

/** A token from a link. */
export const Token = z.string().trim().min(1, "Must not be empty").max(
  300,
  "Must have at most 300 characters",
);

/** A BCP 47 language tag. */
export const Locale = z.string().max(35).refine(isLocale, "Must be a language such as en or en-GB");

/** A time zone of the IANA database. */
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
