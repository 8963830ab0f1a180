import { z } from "zod";
import { formatMinutes } from "./wording.ts";

const HOURS = /^(\d{1,4}(?:[.,]\d{1,2})?) ?h(?:(?:ou)?rs?)?\.?(?: ?(\d{1,2}) ?(?:m(?:ins?|inutes?)?\.?)?)?$/;
const MINUTES = /^(\d{1,6}) ?m(?:ins?|inutes?)?\.?$/;
const CLOCK = /^(\d{1,4}):([0-5]\d)$/;
const DAYS = /\d ?(?:d|w|days?|weeks?)\b/;

/** `30 min`, `4 h`, `1 h 30 min`, `1.5 h`, `1:30`. Null for a bare number, which has no unit, and for days. */
export function parseMinutes(text: string): number | null {
  const plain = text.trim().toLowerCase().replaceAll(/\s+/g, " ");
  const clock = CLOCK.exec(plain);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const minutes = MINUTES.exec(plain);
  if (minutes) return Number(minutes[1]);
  const hours = HOURS.exec(plain);
  if (!hours) return null;
  return Math.round(Number(hours[1]!.replace(",", ".")) * 60) + Number(hours[2] ?? 0);
}

export function minutesInput(minutes: number | null): string {
  return minutes === null ? "" : formatMinutes(minutes).replaceAll(",", "");
}

/** A duration as a form sends it; null for an empty field. */
export const DurationText = z.preprocess(
  (value) => value ?? "",
  z.string().transform((text, context): number | null => {
    if (text.trim() === "") return null;
    const minutes = parseMinutes(text);
    if (minutes !== null) return minutes;
    const message = DAYS.test(text.toLowerCase())
      ? "Must be in hours: the length of a day depends on the calendar"
      : "Must be a duration such as 30 min, 4 h or 1 h 30 min";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }),
);
