import { DomainError } from "@/domain/errors.ts";
import { network } from "@/domain/shared/network.ts";
import type { Incoming } from "./incoming.ts";

/** Requests of any kind from one network: an office behind one address fits in, a flood doesn't. */
const BUDGET = { limit: 6_000, windowSeconds: 60 };

/**
 * Takes one request from the budget of where it comes from, whoever it claims to be from.
 *
 * @throws DomainError rate_limited when the budget is used up
 */
export async function limitAddress({ ip, services: { config, limiter } }: Incoming): Promise<void> {
  const limit = Math.ceil(BUDGET.limit * config.RATE_LIMIT_SCALE);
  const taken = await limiter.take(`all:${network(ip)}`, { ...BUDGET, limit });
  if (taken.allowed) return;
  throw new DomainError("rate_limited", `Come back in ${taken.resetSeconds} s`, {
    retryAfter: taken.resetSeconds,
  });
}
