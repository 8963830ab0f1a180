/**
 * Reads and writes cookies (RFC 6265; the `__Host-` and `__Secure-` prefixes after its revision, RFC 6265bis).
 * @module
 */

/** A cookie as a server sets it. */
export interface Cookie {
  /** A token: visible ASCII without separators. */
  name: string;
  /** Visible ASCII without quotes, commas, semicolons and backslashes. */
  value: string;
  /** When it ends: a date, or milliseconds since 1970 in UTC. */
  expires?: Date | number;
  /** Seconds it lives, a whole number from 0; 0 ends it at once. */
  maxAge?: number;
  /** Host that it is sent to, its subdomains included. */
  domain?: string;
  /** Path that it is sent to, and what lies below. */
  path?: string;
  /** Sent over HTTPS only. */
  secure?: boolean;
  /** Hidden from scripts. */
  httpOnly?: boolean;
  /** Kept apart per top-level site (CHIPS). */
  partitioned?: boolean;
  /** Whether requests from other sites carry it. */
  sameSite?: "Strict" | "Lax" | "None";
  /** Further attributes, as "key=value". */
  unparsed?: string[];
}

// RFC 9110, 5.6.2 (token) without "/", which the platform's own library takes too.
const NAME = /^[!#$%&'*+\-./0-9A-Z^_`a-z|~]+$/;
const BAD_IN_VALUE = /[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/;
const BAD_IN_PATH = /[^\x20-\x3a\x3c-\x7e]/;

/**
 * Returns the request's cookies (the `Cookie` header) as name → value; of a repeated name, the last. The object has no
 * prototype.
 *
 * @throws SyntaxError for a header that is empty, ends in ";", or has a pair that begins with "="
 */
export function getCookies(headers: Headers): Partial<Record<string, string>> {
  const cookies: Partial<Record<string, string>> = Object.create(null);
  for (const pair of headers.get("Cookie")?.split(";") ?? []) {
    const [name, value] = splitPair(pair);
    if (name === "") throw new SyntaxError("Cookie cannot start with '='");
    cookies[name.trim()] = value;
  }
  return cookies;
}

/**
 * Appends a `Set-Cookie` header; a cookie without a name adds none. A `__Secure` name gets `Secure`, a `__Host`
 * name `Secure`, `Path=/` and no domain. Throws a `SyntaxError` for characters that a name, value, path or domain can't have,
 * a `RangeError` for a negative `maxAge`.
 */
export function setCookie(headers: Headers, cookie: Cookie): void {
  if (cookie.name) headers.append("Set-Cookie", format(cookie));
}

/** Appends a `Set-Cookie` header that ends the cookie; the attributes must be those it was set with. */
export function deleteCookie(
  headers: Headers,
  name: string,
  attributes?: Pick<
    Cookie,
    "path" | "domain" | "secure" | "httpOnly" | "partitioned"
  >,
): void {
  setCookie(headers, { ...attributes, name, value: "", expires: new Date(0) });
}

/** Returns a response's cookies (its `Set-Cookie` headers), without those whose prefix or `Max-Age` makes them void. */
export function getSetCookies(headers: Headers): Cookie[] {
  return headers.getSetCookie().map(parse).filter((cookie) => !isVoid(cookie));
}

function format(given: Cookie): string {
  const cookie = withPrefixRules(given);
  check(cookie);
  const {
    name,
    value,
    secure,
    httpOnly,
    partitioned,
    maxAge,
    domain,
    sameSite,
    path,
    expires,
    unparsed,
  } = cookie;
  const parts = [`${name}=${value}`];
  if (secure) parts.push("Secure");
  if (httpOnly) parts.push("HttpOnly");
  if (partitioned) parts.push("Partitioned");
  if (Number.isInteger(maxAge)) parts.push(`Max-Age=${maxAge}`);
  if (domain) parts.push(`Domain=${domain}`);
  if (sameSite) parts.push(`SameSite=${sameSite}`);
  if (path) parts.push(`Path=${path}`);
  if (expires) parts.push(`Expires=${new Date(expires).toUTCString()}`);
  return [...parts, ...(unparsed ?? [])].join("; ");
}

function withPrefixRules(cookie: Cookie): Cookie {
  if (cookie.name.startsWith("__Host")) {
    const { domain: _none, ...rest } = cookie;
    return { ...rest, secure: true, path: "/" };
  }
  return cookie.name.startsWith("__Secure") ? { ...cookie, secure: true } : cookie;
}

function check({ name, value, path, domain, maxAge }: Cookie): void {
  if (!NAME.test(name)) throw new SyntaxError(`Invalid cookie name: "${name}"`);
  const badInValue = BAD_IN_VALUE.exec(value);
  if (badInValue) {
    throw new SyntaxError(
      `Invalid value of cookie "${name}": character "${badInValue[0]}"`,
    );
  }
  const badInPath = BAD_IN_PATH.exec(path ?? "");
  if (badInPath) {
    throw new SyntaxError(
      `Invalid path of cookie "${name}": character "${badInPath[0]}"`,
    );
  }
  if (domain && /^-|[-.]$/.test(domain)) {
    throw new SyntaxError(`Invalid domain of cookie "${name}": "${domain}"`);
  }
  if (Number.isInteger(maxAge) && maxAge! < 0) {
    throw new RangeError(
      `Invalid Max-Age of cookie "${name}": ${maxAge} is below 0`,
    );
  }
}

function parse(header: string): Cookie {
  const [first = "", ...attributes] = header.split(";").map((part) => part.trim());
  const [name, value] = splitPair(first);
  const cookie: Cookie = { name, value };
  for (const attribute of attributes) readAttribute(cookie, attribute);
  return cookie;
}

function readAttribute(cookie: Cookie, attribute: string): void {
  const [key, value] = splitPair(attribute);
  const lower = key.toLowerCase();
  if (lower === "expires") cookie.expires = new Date(value);
  else if (lower === "max-age") cookie.maxAge = Number(value);
  else if (lower === "domain") cookie.domain = value;
  else if (lower === "path") cookie.path = value;
  else if (lower === "secure") cookie.secure = true;
  else if (lower === "httponly") cookie.httpOnly = true;
  else if (lower === "samesite") {
    cookie.sameSite = value as NonNullable<Cookie["sameSite"]>;
  } else (cookie.unparsed ??= []).push(`${key}=${value}`);
}

function isVoid({ name, secure, domain, path, maxAge = 0 }: Cookie): boolean {
  if (maxAge < 0) return true;
  if (name.startsWith("__Host-")) {
    return !secure || domain !== undefined || path !== "/";
  }
  return name.startsWith("__Secure-") && !secure;
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}
