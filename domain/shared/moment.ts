export interface Moment {
  /** RFC 3339 in UTC. */
  iso: string;
  /** `20 Nov 2026, 10:12` in the reader's locale and zone. */
  absolute: string;
  /** `5 minutes ago`, `yesterday`; past 30 days the date. */
  relative: string;
}

export interface Reader {
  /** BCP 47. */
  locale: string;
  /** IANA name. */
  timeZone: string;
}

const STEPS: [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [60, "second", 1],
  [3_600, "minute", 60],
  [86_400, "hour", 3_600],
  [30 * 86_400, "day", 86_400],
];

interface Formats {
  date: Intl.DateTimeFormat;
  day: Intl.DateTimeFormat;
  relative: Intl.RelativeTimeFormat;
}

// Making an Intl formatter takes longer than a page has.
const formats = new Map<string, Formats>();

/** @param now what "ago" counts from; both times are RFC 3339 */
export function moment(iso: string, reader: Reader, now: string): Moment {
  const at = new Date(iso);
  const seconds = (at.getTime() - new Date(now).getTime()) / 1000;
  const { date, day, relative } = formatsOf(reader);
  const step = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  return {
    iso,
    absolute: date.format(at),
    relative: step ? relative.format(Math.trunc(seconds / step[2]), step[1]) : day.format(at),
  };
}

function formatsOf(reader: Reader): Formats {
  const key = `${reader.locale} ${reader.timeZone}`;
  let found = formats.get(key);
  if (!found) {
    const { locale, timeZone } = reader;
    found = {
      date: new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone }),
      day: new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone }),
      relative: new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }),
    };
    if (formats.size < 1_000) formats.set(key, found);
  }
  return found;
}

/** Of a `datetime-local` field, on the reader's clock; RFC 3339, or null when it isn't a time. */
export function instantOf(local: string, timeZone: string): string | null {
  try {
    return Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).toInstant().toString({
      smallestUnit: "millisecond",
    });
  } catch {
    return null;
  }
}
