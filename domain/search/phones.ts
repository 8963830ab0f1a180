/** As `search_phones` has it; of a search also shorter ones. */
export const PHONE = /(?<![\p{L}\p{N}])[+(]{0,3}\d[\d ()/.\u2010-\u2015-]{3,24}\d(?![\p{L}\p{N}])/gu;

/** A number may be stored with the country's code, or with a zero in its place. None for what is no telephone number. */
export function digitsOf(phone: string): string[] {
  const trunk = phone.replaceAll("(0)", "");
  const digits = trunk.replaceAll(/\D/g, "").replace(/^0+/, "");
  if (digits.length < 5 || digits.length > 16) return [];
  const international = /^\(?(?:\+|00)/.test(phone);
  // Codes of countries have one to three digits.
  return international
    ? [0, 1, 2, 3].map((n) => digits.slice(n)).filter(({ length }) => length >= 5)
    : [digits];
}
