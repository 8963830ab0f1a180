import { DomainError } from "@/domain/errors.ts";
import { boundMarks } from "@/domain/shared/marks.ts";
import type { Step } from "@/edge/step.ts";

/** Refuses a request whose address can't be read, as after a Host header of nonsense: nothing could be found at it. */
export const refuseUnreadable: Step = async ({ path }, next) =>
  path === "" ? new Response("The address can't be read", { status: 400 }) : await next();

/** Refuses a path that isn't valid percent-encoding, as "/%": no router can read it. */
export const refuseUnreadablePaths: Step = async (exchange, next) => {
  const { path, request, incoming } = exchange;
  if (!isReadable(path)) {
    incoming.refusal ??= new DomainError("bad_request", "The address isn't valid percent-encoding");
    // Shown by whoever would have answered, at an address that can be read.
    const url = new URL(isApi(path) ? "/v1" : "/", request.url);
    exchange.request = new Request(url, { headers: request.headers });
  }
  return await next();
};

/** A page repeats its address in its links. The longest of ours names two hundred tickets. */
const LONGEST_OF_PAGE = 16 * 1024;

/** Refuses a page's address that is too long, before anything is made of it. Operations check their own fields. */
export const refuseLongAddresses: Step = async (exchange, next) => {
  const { path, request, incoming } = exchange;
  if (request.url.length > LONGEST_OF_PAGE && !isApi(path)) {
    incoming.refusal ??= new DomainError("bad_request", "The address is too long");
    exchange.request = new Request(new URL("/", request.url), { headers: request.headers });
  }
  return await next();
};

/** Bounds the runs of marks in an address, as in every other text from outside. */
export const boundAddresses: Step = async (exchange, next) => {
  const { url } = exchange.request;
  const bounded = ENCODED.test(url) ? boundAddress(url) : url;
  if (bounded !== url) {
    const { method, headers, body } = exchange.request;
    exchange.request = new Request(bounded, { method, headers, body });
  }
  return await next();
};

/** Any character from U+0300 on begins with one of these bytes. */
const ENCODED = /%[c-f]/i;

function boundAddress(address: string): string {
  const url = new URL(address);
  const path = decodeURI(url.pathname);
  if (boundMarks(path) !== path) url.pathname = boundMarks(path);
  const given = [...url.searchParams];
  const query = new URLSearchParams(given.map(([name, value]) => [boundMarks(name), boundMarks(value)]));
  if (`${query}` !== `${new URLSearchParams(given)}`) url.search = `${query}`;
  return url.href;
}

/** Leads an address with a slash at its end to the one without: a page has one address. Under /v1 it stays unknown. */
export const dropTrailingSlash: Step = async ({ path, request, incoming }, next) => {
  if (incoming.refusal || path === "/" || !path.endsWith("/") || isApi(path)) return await next();
  return leadTo(withoutRepeated(path).slice(0, -1) || "/", new URL(request.url).search);
};

/**
 * Leads a page's address with `fresh-partial` in its query to the one without: Fresh would answer with a part for a script
 * that navigates, and no page of ours has that script. Opened by itself, its islands would never start.
 */
export const dropPartial: Step = async ({ path, request, incoming }, next) => {
  const { searchParams } = new URL(request.url);
  if (incoming.refusal || isApi(path) || !searchParams.has("fresh-partial")) return await next();
  searchParams.delete("fresh-partial");
  return leadTo(withoutRepeated(path), searchParams.size > 0 ? `?${searchParams}` : "");
};

function leadTo(path: string, search: string): Response {
  return new Response(null, { status: 308, headers: { location: path + search } });
}

/** Never "//host", which would be another site. */
function withoutRepeated(path: string): string {
  return path.replaceAll(/\/+/g, "/");
}

function isApi(path: string): boolean {
  return path.startsWith("/v1/");
}

function isReadable(path: string): boolean {
  try {
    decodeURI(path);
    return true;
  } catch {
    return false;
  }
}
