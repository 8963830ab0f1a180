import { type Actor, type Claim, type Entered, inTenant, SessionNotActive } from "@/db/door.ts";
import { DatabaseUnavailable } from "@/db/pool.ts";
import { DomainError } from "./errors.ts";
import type { Services } from "@/ports.ts";

export type { Actor, Claim, Role } from "@/db/door.ts";

/** One request, before it is known who acts. */
export interface RequestInfo {
  requestId: string;
  /** The client's address, by the trusted hop. */
  ip: string;
  userAgent: string;
  services: Services;
}

/** What every use case receives first: who acts, where, when, and the open transaction. */
export interface Cx extends Omit<Entered, "actor">, RequestInfo {
  /** Null for the system itself. */
  actor: Actor | null;
  /** Runs after commit, and only then. What it starts may be lost in a crash: there is always a poll as well. */
  afterCommit(effect: () => void): void;
}

/** A context in which a person acts. */
export type UserCx = Cx & { actor: Actor };

/**
 * Runs a use case in one transaction of the claim's tenant, then its after-commit effects.
 *
 * @throws DomainError: unauthenticated when the session isn't active, unavailable when the database isn't; else what
 *   the use case threw, with nothing changed
 */
export async function act<T>(request: RequestInfo, claim: Claim, fn: (cx: Cx) => Promise<T>): Promise<T> {
  const effects: (() => void)[] = [];
  const afterCommit = (effect: () => void) => void effects.push(effect);
  const result = await inTenant(claim, (entered) => fn({ ...entered, ...request, afterCommit }))
    .catch((error) => {
      throw translated(error);
    });
  // What is committed is done, whatever becomes of these.
  for (const effect of effects) queueMicrotask(effect);
  return result;
}

/** The same for a signed-in person: `fn` gets a context whose actor is there. */
export function actAsUser<T>(request: RequestInfo, claim: Claim, fn: (cx: UserCx) => Promise<T>): Promise<T> {
  return act(request, claim, (cx) => {
    if (!cx.actor) throw new DomainError("unauthenticated");
    return fn(cx as UserCx);
  });
}

/** PostgreSQL's lock timeout, statement timeout, deadlock, serialization failure, and being out of something. */
const BUSY = /^(55P03|57014|40P01|40001|53\w{3})$/;

/** Turns what the database throws into the product's own error; anything else stays as it is. */
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
