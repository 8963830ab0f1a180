import type { Cookie } from "@std/http/cookie";
import type { Config } from "@/config.ts";

type Address = Pick<Config, "PUBLIC_URL">;

/** Browsers keep no cookie for much longer than a year. */
const YEAR_SECONDS = 365 * 24 * 3600;

/** Browsers accept `__Host-` cookies, which no neighbour of our host can set, over https only; plain http has plain names. */
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

/** The organisation last signed in to: a convenience, not trusted. */
export function organisationCookieName(config: Address): string {
  return cookieName(config, "organisation");
}

export function themeCookieName(config: Address): string {
  return cookieName(config, "theme");
}

export function flashCookieName(config: Address): string {
  return cookieName(config, "flash");
}

/** Lax, so that links in emails open signed in. */
export function sessionCookie(config: Address, value: string, expires: string): Cookie {
  return { ...common(config, sessionCookieName(config), value), sameSite: "Lax", expires: new Date(expires) };
}

export function refreshCookie(config: Address, value: string, expires: string): Cookie {
  return {
    ...common(config, refreshCookieName(config), value),
    sameSite: "Strict",
    expires: new Date(expires),
  };
}

/** Known devices aren't locked out by a stranger's failed attempts. */
export function deviceCookie(config: Address, value: string): Cookie {
  return { ...common(config, deviceCookieName(config), value), sameSite: "Strict", maxAge: YEAR_SECONDS };
}

export function organisationCookie(config: Address, slug: string): Cookie {
  return { ...common(config, organisationCookieName(config), slug), sameSite: "Lax", maxAge: YEAR_SECONDS };
}

export function themeCookie(config: Address, theme: string): Cookie {
  return { ...common(config, themeCookieName(config), theme), sameSite: "Lax", maxAge: YEAR_SECONDS };
}

/** A message for the next page; lives for a minute. */
export function flashCookie(config: Address, text: string): Cookie {
  return {
    ...common(config, flashCookieName(config), encodeURIComponent(text)),
    sameSite: "Lax",
    maxAge: 60,
  };
}

export function endedCookie(config: Address, name: string): Cookie {
  return { ...common(config, name, ""), sameSite: "Strict", maxAge: 0 };
}

function common(config: Address, name: string, value: string): Cookie {
  return { name, value, path: "/", httpOnly: true, secure: !isPlainLocal(config) };
}
