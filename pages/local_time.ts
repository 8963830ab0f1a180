import { instantOf } from "@/domain/shared/moment.ts";
import type { FormValues } from "./forms.ts";

/** A form's date and time are the reader's own; the use case takes an instant. */
export function withInstant(values: FormValues, timeZone: string): FormValues {
  const { until } = values;
  if (typeof until !== "string" || until === "") return values;
  return { ...values, until: instantOf(until, timeZone) ?? until };
}

/** An instant as a form's date and time, in the reader's own zone. */
export function localTime(iso: string, timeZone: string): string {
  const local = Temporal.Instant.from(iso).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return local.toString({ smallestUnit: "minute" });
}
