import { rateLimited } from "@/domain/errors.ts";
import { network } from "@/domain/shared/network.ts";
import { check } from "@/edge/step.ts";

/** Requests of any kind from one network: an office behind one address fits in, a flood doesn't. */
const BUDGET = { limit: 6_000, windowSeconds: 60 };

export const limitNetwork = check(async ({ incoming: { ip, services: { config, limiter } } }) => {
  const limit = Math.ceil(BUDGET.limit * config.RATE_LIMIT_SCALE);
  const taken = await limiter.take(`all:${network(ip)}`, { ...BUDGET, limit });
  if (!taken.allowed) throw rateLimited(taken.resetSeconds);
});
