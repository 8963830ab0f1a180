import { createHash } from "node:crypto";
import { ErrorReply } from "redis";
import type { Budget, RateLimiter } from "@/ports.ts";
import { createRateLimiter } from "./rate_limiter.ts";
import type { RedisLink } from "./redis_link.ts";

/**
 * A window that slides, by Redis's clock. A key holds what was taken as `first, last, count` of short spans, of which
 * a window has thirty at most; a span counts until its last take is a window old. So in no window more than the limit
 * is taken, and the time at which more come is exact. What is refused isn't counted.
 */
const TAKE = `
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored = redis.call("GET", KEYS[1])
local spans = stored and cmsgpack.unpack(stored) or {}
if #spans > 0 then now = math.max(now, spans[#spans - 1]) end
local kept, taken = {}, 0
for i = 1, #spans, 3 do
  if spans[i + 1] + window > now then
    kept[#kept + 1], kept[#kept + 2], kept[#kept + 3] = spans[i], spans[i + 1], spans[i + 2]
    taken = taken + spans[i + 2]
  end
end
local allowed = taken < limit
if allowed then
  local n = #kept
  if n > 0 and now - kept[n - 2] < window / 30 then
    kept[n - 1], kept[n] = now, kept[n] + 1
  else
    kept[n + 1], kept[n + 2], kept[n + 3] = now, now, 1
  end
  taken = taken + 1
  redis.call("SET", KEYS[1], cmsgpack.pack(kept), "PX", window)
end
return { allowed and 1 or 0, limit - taken, kept[2] + window - now }
`;
const TAKE_SHA = createHash("sha1").update(TAKE).digest("hex");

/** Of a budget, what each process gives by itself while Redis is away: two of them give no more than one Redis. */
const ALONE = 0.5;

/** Shared by all instances. While Redis is away or silent for 0.1 s, each counts by itself, and more strictly. */
export function createRedisLimiter(redis: RedisLink): RateLimiter {
  const alone = createRateLimiter();
  return {
    async take(key, budget) {
      try {
        return await takeShared(redis, key, budget);
      } catch (error) {
        redis.report(error);
        return await alone.take(key, { ...budget, limit: Math.ceil(budget.limit * ALONE) });
      }
    },
    async clear(key) {
      await alone.clear(key);
      await redis.ask(["DEL", nameOf(redis, key)]).catch((error) => redis.report(error));
    },
  };
}

async function takeShared(redis: RedisLink, key: string, { limit, windowSeconds }: Budget) {
  const args = ["1", nameOf(redis, key), `${limit}`, `${windowSeconds * 1000}`];
  const [allowed, remaining, resetMs] = await redis.ask(["EVALSHA", TAKE_SHA, ...args])
    .catch((error: unknown) => {
      // After a restart it doesn't know the script.
      if (error instanceof ErrorReply && error.message.startsWith("NOSCRIPT")) {
        return redis.ask(["EVAL", TAKE, ...args]);
      }
      throw error;
    }) as [number, number, number];
  return {
    allowed: allowed === 1,
    limit,
    remaining: Math.max(0, remaining),
    resetSeconds: Math.max(1, Math.ceil(resetMs / 1000)),
  };
}

/** Keys have people's addresses in them, and are as long as somebody typed: Redis gets to see neither. */
function nameOf(redis: RedisLink, key: string): string {
  return redis.key(`limit:${createHash("sha256").update(key).digest("base64url").slice(0, 22)}`);
}
