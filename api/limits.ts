import type { Claim } from "@/domain/cx.ts";
import { rateLimited } from "@/domain/errors.ts";
import { isProved } from "@/domain/proved_sessions.ts";
import { network } from "@/domain/shared/network.ts";
import type { Incoming } from "@/edge/incoming.ts";

/** Requests per minute: of a session, and of an address without one that is proved. */
const SESSION = { limit: 600, windowSeconds: 60 };
const ADDRESS = { limit: 120, windowSeconds: 60 };

/**
 * Takes one request from the client's budget, and sets the RateLimit `headers` (IETF draft).
 *
 * @throws DomainError rate_limited when the budget is used up
 */
export async function limit(incoming: Incoming, claim: Claim | null, headers: Headers): Promise<void> {
  const scale = incoming.services.config.RATE_LIMIT_SCALE;
  const [name, key, budget] = claim?.kind === "session" && isProved(claim)
    ? ["session", `api:${claim.sessionId}`, SESSION] as const
    : ["address", `api:${network(incoming.ip)}`, ADDRESS] as const;
  const scaled = { ...budget, limit: Math.ceil(budget.limit * scale) };
  const taken = await incoming.services.limiter.take(key, scaled);
  headers.set("ratelimit-policy", `"${name}";q=${scaled.limit};w=${scaled.windowSeconds}`);
  headers.set("ratelimit", `"${name}";r=${taken.remaining};t=${taken.resetSeconds}`);
  if (!taken.allowed) throw rateLimited(taken.resetSeconds);
}
