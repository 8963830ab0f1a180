import { type Actor, type Claim, type Entered, inTenant, SessionNotActive } from "@/db/door.ts";
import { DatabaseUnavailable } from "@/db/pool.ts";
import { DomainError } from "./errors.ts";
import { noteProved, noteRefused } from "./proved_sessions.ts";
import type { Services } from "@/ports.ts";

export type { Actor, Claim, Role } from "@/db/door.ts";

/** A request before its actor is known. */
export interface RequestInfo {
  requestId: string;
  /** As reported by the trusted proxy. */
  ip: string;
  userAgent: string;
  services: Services;
}

/** The first argument of every use case: actor, tenant, time, and the open transaction. */
export interface Cx extends Omit<Entered, "actor">, RequestInfo {
  /** Null for the system. */
  actor: Actor | null;
  /** Runs after the commit only. It may be lost in a crash, so something must poll as well. */
  afterCommit(effect: () => void): void;
}

export type UserCx = Cx & { actor: Actor };

/**
 * One transaction of the claim's tenant, then the after-commit effects. @throws DomainError unauthenticated without an
 * active session, unavailable without the database; else what `fn` threw, with nothing changed
 */
export async function act<T>(request: RequestInfo, claim: Claim, fn: (cx: Cx) => Promise<T>): Promise<T> {
  const effects: (() => void)[] = [];
  const afterCommit = (effect: () => void) => void effects.push(effect);
  const result = await inTenant(claim, (entered) => {
    noteProved(claim);
    return fn({ ...entered, ...request, afterCommit });
  }).catch((error) => {
    if (error instanceof SessionNotActive) noteRefused(claim);
    throw translated(error);
  });
  // The commit stands, whatever these do.
  for (const effect of effects) queueMicrotask(effect);
  return result;
}

export function actAsUser<T>(request: RequestInfo, claim: Claim, fn: (cx: UserCx) => Promise<T>): Promise<T> {
  return act(request, claim, (cx) => {
    if (!cx.actor) throw new DomainError("unauthenticated");
    return fn(cx as UserCx);
  });
}

/** Lock timeout, statement timeout, deadlock, serialisation failure, out of resources. */
const BUSY = /^(55P03|57014|40P01|40001|53\w{3})$/;

/** Turns database errors into a DomainError; others are returned as they are. */
export function translated(error: unknown): unknown {
  if (error instanceof SessionNotActive) {
    return new DomainError("unauthenticated", undefined, { cause: error });
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof DatabaseUnavailable || typeof code === "string" && BUSY.test(code)) {
    const uncertain = error instanceof DatabaseUnavailable && error.uncertain;
    const detail = uncertain
      ? "The change may or may not have been saved. Check before you send it again"
      : "Nothing was changed. Try again in a moment";
    return new DomainError("unavailable", detail, { retryAfter: 2, cause: error });
  }
  return error;
}
