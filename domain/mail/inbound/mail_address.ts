/** A mail address, taken apart; all of it in lower case. */
export interface MailAddress {
  email: string;
  local: string;
  domain: string;
}

const BARE = /^[^\s@<>(),;:"\\\p{Cc}]{1,64}@[a-z0-9.-]{1,253}$/u;

/**
 * The address of what a header says, as `Ana <ana@example.org>` or `ana@example.org`. What stands between the last angle
 * brackets counts: a name may say anything, another address too.
 *
 * @returns null when it has none that we would write to
 */
export function parseAddress(text: string): MailAddress | null {
  const open = text.lastIndexOf("<");
  const inner = open < 0
    ? text
    : text.slice(open + 1, text.indexOf(">", open) < 0 ? 0 : text.indexOf(">", open));
  const email = inner.trim().toLowerCase();
  if (email.length > 254 || !BARE.test(email)) return null;
  const at = email.lastIndexOf("@");
  return { email, local: email.slice(0, at), domain: email.slice(at + 1) };
}
