import type { Cookie } from "@std/http/cookie";
import type { Config } from "@/config.ts";

type Address = Pick<Config, "PUBLIC_URL">;

/** Browsers keep no cookie for much longer than a year. */
const YEAR_SECONDS = 365 * 24 * 3600;

/**
 * Whether the desk is opened by plain http on this very machine. Browsers keep `__Host-` cookies for https alone, so
 * there, and only there, cookies have plain names.
 */
export function isPlainLocal({ PUBLIC_URL }: Address): boolean {
  const { protocol, hostname } = new URL(PUBLIC_URL);
  return protocol === "http:" && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function cookieName(config: Address, name: string): string {
  return isPlainLocal(config) ? name : `__Host-${name}`;
}

export function sessionCookieName(config: Address): string {
  return cookieName(config, "session");
}

export function refreshCookieName(config: Address): string {
  return cookieName(config, "refresh");
}

export function deviceCookieName(config: Address): string {
  return cookieName(config, "device");
}

/** The name of the cookie that remembers the organisation last signed in to: a convenience, trusted with nothing. */
export const ORGANISATION_COOKIE = "organisation";

export const FLASH_COOKIE = "flash";

/** The session cookie of pages: lax, so that a link in an e-mail finds its reader signed in. */
export function sessionCookie(config: Address, value: string, expires: string): Cookie {
  return { ...common(config, sessionCookieName(config), value), sameSite: "Lax", expires: new Date(expires) };
}

/** The refresh cookie of API clients. */
export function refreshCookie(config: Address, value: string, expires: string): Cookie {
  return {
    ...common(config, refreshCookieName(config), value),
    sameSite: "Strict",
    expires: new Date(expires),
  };
}

/** The cookie by which a person's own device is known, so that a stranger's failures don't lock it out. */
export function deviceCookie(config: Address, value: string): Cookie {
  return { ...common(config, deviceCookieName(config), value), sameSite: "Strict", maxAge: YEAR_SECONDS };
}

/** Remembers an organisation's slug. */
export function organisationCookie(config: Address, slug: string): Cookie {
  return { ...common(config, ORGANISATION_COOKIE, slug), sameSite: "Lax", maxAge: YEAR_SECONDS };
}

/** Remembers the theme where nobody is signed in. */
export function themeCookie(config: Address, theme: string): Cookie {
  return { ...common(config, "theme", theme), sameSite: "Lax", maxAge: YEAR_SECONDS };
}

/** A message for the next page, for a minute. */
export function flashCookie(config: Address, text: string): Cookie {
  return { ...common(config, FLASH_COOKIE, encodeURIComponent(text)), sameSite: "Lax", maxAge: 60 };
}

/** Ends a cookie made by one of the above. */
export function endedCookie(config: Address, name: string): Cookie {
  return { ...common(config, name, ""), sameSite: "Strict", maxAge: 0 };
}

function common(config: Address, name: string, value: string): Cookie {
  return { name, value, path: "/", httpOnly: true, secure: !isPlainLocal(config) };
}
