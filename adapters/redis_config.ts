import type { ConfigPlace } from "@/ports.ts";
import type { RedisLink } from "./redis_link.ts";

/** Raised when a release changes what an entry looks like, so that releases don't read each other's. */
const SHAPE = 1;
const KEPT_SECONDS = 3600;
const MOST_ENTRIES = 256;
/** Organisations that this process asked Redis about; past that it may ask about one again. */
const MOST_ASKED = 10_000;

export interface RedisConfigStore {
  fetch(place: ConfigPlace): void;
  share(place: ConfigPlace, key: string, json: string): void;
}

/** One hash for each version of an organisation. The version in the name makes every entry right for ever. */
export function createRedisConfigStore(
  redis: RedisLink,
  { take }: { take: (place: ConfigPlace, key: string, json: string) => void },
): RedisConfigStore {
  const asked = new Set<string>();
  const nameOf = ({ tenantId, version }: ConfigPlace) => redis.key(`config:${SHAPE}:${tenantId}:${version}`);
  return {
    fetch(place) {
      const name = nameOf(place);
      if (asked.has(name)) return;
      if (asked.size >= MOST_ASKED) asked.clear();
      asked.add(name);
      redis.ask(["HGETALL", name]).then((answer) => {
        const words = answer as string[];
        for (let i = 0; i + 1 < words.length && i < 2 * MOST_ENTRIES; i += 2) {
          take(place, words[i]!, words[i + 1]!);
        }
      }).catch((error) => redis.report(error));
    },
    share(place, key, json) {
      redis.ask(["EVAL", SHARE, "1", nameOf(place), key, json, `${MOST_ENTRIES}`, `${KEPT_SECONDS}`])
        .catch((error) => redis.report(error));
    },
  };
}

const SHARE = `
if redis.call("HLEN", KEYS[1]) < tonumber(ARGV[3]) then redis.call("HSETNX", KEYS[1], ARGV[1], ARGV[2]) end
redis.call("EXPIRE", KEYS[1], ARGV[4])
return 1
`;
