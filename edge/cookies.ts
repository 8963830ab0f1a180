import { getCookies } from "@std/http/cookie";

/** The cookies of a request by name. Parts of the header that aren't a name and a value are left out; it never throws. */
export function cookiesOf({ headers }: Request): Partial<Record<string, string>> {
  const pairs = headers.get("cookie")?.split(";").filter((pair) => /^\s*[^\s=]/.test(pair)) ?? [];
  return getCookies(new Headers(pairs.length > 0 ? { cookie: pairs.join(";") } : {}));
}
