import type { FieldError } from "@/domain/errors.ts";
import { asDomainError } from "@/edge/errors.ts";
import type { Incoming } from "@/edge/incoming.ts";

/** An error as RFC 9457 problem details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  requestId: string;
  errors?: FieldError[];
  current?: unknown;
  allowed?: readonly string[];
}

/**
 * Turns an error into an answer of /v1. Unexpected errors are logged and shown as a bare 500, without message, stack or
 * SQL.
 */
export function problemResponse(thrown: unknown, request: Request, incoming: Incoming): Response {
  const error = asDomainError(thrown, incoming);
  const { retryAfter, ...facts } = error.facts;
  const problem: Problem = {
    type: `/problems/${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    instance: new URL(request.url).pathname,
    requestId: incoming.requestId,
    ...facts,
  };
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (retryAfter !== undefined) headers.set("retry-after", String(Math.ceil(retryAfter)));
  if (error.status === 401) headers.set("www-authenticate", 'Bearer realm="ServiceHub"');
  return new Response(JSON.stringify(problem), { status: error.status, headers });
}
