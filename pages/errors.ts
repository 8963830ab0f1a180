import { type Context, HttpError, type Middleware, page, type PageResponse } from "fresh";
import type { State } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { asDomainError } from "@/edge/errors.ts";

/** A group's first middleware: error pages inside its layout. Whoever isn't signed in is sent to sign in, and back. */
export const showErrors: Middleware<State> = async function showErrors(ctx) {
  try {
    return await ctx.next();
  } catch (thrown) {
    if (thrown instanceof HttpError && thrown.status < 500) throw thrown;
    const error = asDomainError(thrown, incomingOf(ctx.req));
    if (error.code !== "unauthenticated") throw httpError(error);
    const back = ctx.req.method === "GET"
      ? `?next=${encodeURIComponent(ctx.url.pathname + ctx.url.search)}`
      : "";
    return new Response(null, { status: 303, headers: { location: `/sign-in${back}` } });
  }
};

export function httpError(error: DomainError): HttpError {
  return new HttpError(error.status, error.message, { cause: error });
}

export function errorPage(ctx: Context<State>): PageResponse<unknown> {
  const cause = ctx.error instanceof HttpError ? ctx.error.cause : ctx.error;
  const retryAfter = cause instanceof DomainError ? cause.facts.retryAfter : undefined;
  return page(
    {},
    retryAfter === undefined ? {} : { headers: { "retry-after": String(Math.ceil(retryAfter)) } },
  );
}

/** What an error page says: the same title and request id that /v1 would give. */
export function errorView(
  thrown: unknown,
  request: Request,
): { status: number; title: string; detail: string; requestId: string } {
  const incoming = incomingOf(request);
  const cause = thrown instanceof HttpError ? thrown.cause ?? statusError(thrown.status) : thrown;
  // What a group's middleware has mapped is logged already.
  const error = cause instanceof DomainError ? cause : asDomainError(cause, incoming);
  const detail = error.message === error.title ? "" : error.message;
  return { status: error.status, title: error.title, detail, requestId: incoming.requestId };
}

function statusError(status: number): DomainError | undefined {
  if (status === 404) {
    return new DomainError("not_found", "This page doesn't exist, or you don't have access to it");
  }
  if (status === 405) return new DomainError("method_not_allowed");
  return undefined;
}
