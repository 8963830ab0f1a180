import type { RequestInfo } from "@/domain/cx.ts";
import type { DomainError } from "@/domain/errors.ts";

export interface Incoming extends RequestInfo {
  /** Why the request is refused: shown as problem+json under /v1, else as an error page. */
  refusal?: DomainError;
}

const known = new WeakMap<Request, Incoming>();

export function attach(request: Request, incoming: Incoming): void {
  known.set(request, incoming);
}

/** @throws Error when the request didn't come through the edge */
export function incomingOf(request: Request): Incoming {
  const incoming = known.get(request);
  if (!incoming) throw new Error("Cannot answer: the request did not come through the edge");
  return incoming;
}
