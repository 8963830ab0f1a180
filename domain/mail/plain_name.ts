/** Anything that a mail program could turn into a link or an address. */
const LINKED = /[@:\/\\<>[\]\u3002\uff0e\uff61]|\bwww\b|[^\s.]\.[^\s.]{2}/iu;
const LONGEST = 40;

/**
 * A name that somebody chose, for emails to people who haven't proved their address.
 * @returns null for a long one, or one with a link, an address or a phone number in it
 */
export function plainName(name: string): string | null {
  const plain = name.replaceAll(/\p{Cf}/gu, "").replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  const digits = plain.replaceAll(/\P{Nd}/gu, "").length;
  return plain === "" || plain.length > LONGEST || digits > 6 || LINKED.test(plain) ? null : plain;
}
