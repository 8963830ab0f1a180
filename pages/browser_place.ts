import { Locale, TimeZone } from "@/domain/shared/account_fields.ts";
import { tryParse } from "@/domain/validation.ts";
import type { FormValues } from "./forms.ts";

/** Adds the browser's first language, and leaves out a time zone that we don't know: neither is the person's mistake. */
export function withBrowserPlace(values: FormValues, headers: Headers): FormValues {
  const { timeZone, ...rest } = values;
  const locale = firstLanguage(headers.get("accept-language") ?? "");
  return {
    ...rest,
    ...(tryParse(TimeZone, timeZone) === undefined ? {} : { timeZone }),
    ...(locale === undefined ? {} : { locale }),
  };
}

/** Of `de-DE,de;q=0.9,en;q=0.8` the first, as browsers order them. */
function firstLanguage(accepted: string): string | undefined {
  const [first = ""] = accepted.slice(0, 200).split(",");
  return tryParse(Locale, first.split(";")[0]!.trim());
}
