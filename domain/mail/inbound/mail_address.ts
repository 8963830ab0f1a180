/** In lower case. */
export interface MailAddress {
  email: string;
  local: string;
  domain: string;
}

const BARE = /^[^\s@<>(),;:"\\\p{Cc}]{1,64}@[a-z0-9.-]{1,253}$/u;

/** The last angle brackets count: a display name may hold another address. @returns null for one we wouldn't write to */
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
