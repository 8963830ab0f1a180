import { instantOf } from "@/domain/shared/moment.ts";
import type { FormValues } from "./forms.ts";

/** A form's date and time are the reader's own; the use case takes an instant. */
export function withInstant(values: FormValues, timeZone: string): FormValues {
  const { until } = values;
  if (typeof until !== "string" || until === "") return values;
  return { ...values, until: instantOf(until, timeZone) ?? until };
}
