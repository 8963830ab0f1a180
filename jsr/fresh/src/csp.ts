import { NONCE } from "./context.ts";
import type { Middleware } from "./types.ts";

/** Options of {@linkcode csp}. */
export interface CSPOptions {
  /** Report violations without blocking. */
  reportOnly?: boolean;
  /** Where browsers send reports. */
  reportTo?: string;
  /** Directives that are added, or replace the default of the same name. */
  csp?: string[];
  /** Allow inline scripts and styles by the rendered page's nonce instead of 'unsafe-inline'. */
  useNonce?: boolean;
}

const DEFAULTS = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "upgrade-insecure-requests",
];

/** Makes a middleware that sets Content-Security-Policy. With a nonce, responses that no render made keep 'unsafe-inline'. */
export function csp<State>(options: CSPOptions = {}): Middleware<State> {
  const { reportOnly = false, reportTo, csp: own = [], useNonce = false } = options;
  const nameOf = (directive: string) => directive.split(" ", 1)[0];
  const replaced = new Set(own.map(nameOf));
  const directives = [...DEFAULTS.filter((directive) => !replaced.has(nameOf(directive))), ...own];
  if (reportTo !== undefined) directives.push("report-to csp-endpoint", `report-uri ${reportTo}`);
  const policy = directives.join("; ");
  const header = `Content-Security-Policy${reportOnly ? "-Report-Only" : ""}`;

  return async (ctx) => {
    const response = await ctx.next();
    const nonce = useNonce ? Reflect.get(response, NONCE) : undefined;
    const value = nonce === undefined ? policy : policy.replaceAll("'unsafe-inline'", `'nonce-${nonce}'`);
    response.headers.set(header, value);
    if (reportTo !== undefined) response.headers.set("Reporting-Endpoints", `csp-endpoint="${reportTo}"`);
    return response;
  };
}
