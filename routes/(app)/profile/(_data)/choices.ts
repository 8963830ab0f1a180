import type { Option } from "@/components/types.ts";

const LOCALES = [
  "en",
  "en-AU",
  "en-CA",
  "en-IE",
  "en-GB",
  "en-US",
  "cs-CZ",
  "da-DK",
  "de-AT",
  "de-CH",
  "de-DE",
  "es-ES",
  "es-MX",
  "fi-FI",
  "fr-CA",
  "fr-CH",
  "fr-FR",
  "it-IT",
  "ja-JP",
  "ko-KR",
  "nl-BE",
  "nl-NL",
  "nb-NO",
  "pl-PL",
  "pt-BR",
  "pt-PT",
  "sv-SE",
  "tr-TR",
  "uk-UA",
];

const names = new Intl.DisplayNames("en", { type: "language", languageDisplay: "standard" });

const LOCALE_OPTIONS: Option[] = LOCALES.map((value) => ({ value, label: names.of(value) ?? value }))
  .sort((a, b) => a.label < b.label ? -1 : 1);

/** Of what was refused too, which is no language tag. */
function languageName(locale: string): string {
  try {
    return names.of(locale) ?? locale;
  } catch {
    return locale;
  }
}

const ZONE_OPTIONS: Option[] = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")]
  .map((value) => ({ value, label: value.replaceAll("_", " ") }));

/** Languages and regions to choose from, and `present` where it is none of them. */
export function localeOptions(present: string): Option[] {
  return withPresent(LOCALE_OPTIONS, { value: present, label: languageName(present) });
}

/** Time zones of the IANA database to choose from, and `present` where it is none of them. */
export function zoneOptions(present: string): Option[] {
  return withPresent(ZONE_OPTIONS, { value: present, label: present.replaceAll("_", " ") });
}

function withPresent(options: Option[], present: Option): Option[] {
  return options.some(({ value }) => value === present.value) ? options : [present, ...options];
}
