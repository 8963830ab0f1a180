import { hash, Variant, verify } from "@felix/argon2";
import { DomainError } from "@/domain/errors.ts";
import type { PasswordHasher } from "@/ports.ts";

/** OWASP's and ASVS 5.0's argon2id: 19 MiB, two passes, one lane. */
const COSTS = { variant: Variant.Argon2id, memoryCost: 19_456, timeCost: 2, lanes: 1, hashLength: 32 };
/** Longest queue for a hash; with more waiting, requests are refused. */
const MOST_WAITING = 100;

/** Few hashes at once: a flood of sign-ins leaves processors for others. @throws DomainError unavailable when many wait */
export function createPasswordHasher(atOnce = hashesAtOnce()): PasswordHasher {
  const inTurn = queue(atOnce);
  return {
    hash: (password) => inTurn(() => hash(password, COSTS)),
    verify: (phc, password) => inTurn(async () => ({ ok: await verify(phc, password), weak: isWeak(phc) })),
  };
}

export function isWeak(phc: string): boolean {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(phc);
  if (!parts) return true;
  const [, memory, passes] = parts.map(Number);
  return memory! < COSTS.memoryCost || passes! < COSTS.timeCost;
}

function hashesAtOnce(): number {
  return Math.max(1, Math.floor(navigator.hardwareConcurrency / 2));
}

function queue(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= MOST_WAITING) {
        throw new DomainError("unavailable", "Too many people sign in at the moment", { retryAfter: 3 });
      }
      // The place is handed to the next, so `running` stays the same.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
