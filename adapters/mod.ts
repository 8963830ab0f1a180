import type { Config } from "@/config.ts";
import type { RateLimiter, Services } from "@/ports.ts";
import { createBlobStore } from "./blobs.ts";
import { createBreachCheck } from "./breaches.ts";
import { createConfigCache } from "./config_cache.ts";
import { createLocalBus } from "./local_bus.ts";
import { createMail } from "./mail.ts";
import { createPasswordHasher } from "./passwords.ts";
import { createRateLimiter } from "./rate_limiter.ts";
import type { RedisLink } from "./redis_link.ts";
import { createResendReceived } from "./resend_received.ts";
import { createSecrets, readSecretKey, type SecretKeys } from "./secrets.ts";
import { createWebhookSender } from "./webhook_sender.ts";
import { createWiredBus, type Wire } from "./wired_bus.ts";

/** @param notifier carries messages between instances without Redis @throws when the secret key can't be read or kept */
export async function createServices(
  config: Config,
  notifier?: Wire,
): Promise<Services & { secrets: SecretKeys }> {
  const secrets = createSecrets(await readSecretKey(config));
  const redis = config.REDIS_URL
    ? await openRedis(config.REDIS_URL, `servicehub:${secrets.fingerprint.slice(0, 8)}:`)
    : null;
  const wire = redis?.link ?? notifier;
  const bus = wire ? createWiredBus(wire) : createLocalBus();
  return {
    config,
    limiter: redis?.limiter ?? createRateLimiter(),
    passwords: createPasswordHasher(),
    breaches: createBreachCheck(config),
    mail: createMail(config),
    received: createResendReceived(config),
    secrets,
    blobs: createBlobStore(config),
    webhooks: createWebhookSender({ allowPrivate: config.ALLOW_PRIVATE_WEBHOOKS }),
    bus,
    configCache: createConfigCache(redis?.link),
    wake: (kind = "") => bus.publish("jobs", kind),
  };
}

/** Loaded where it is used alone: the client takes 15 MiB. */
async function openRedis(url: string, prefix: string): Promise<{ link: RedisLink; limiter: RateLimiter }> {
  const [{ RedisLink }, { createRedisLimiter }] = await Promise.all([
    import("./redis_link.ts"),
    import("./redis_limiter.ts"),
  ]);
  const link = await RedisLink.open(url, prefix);
  return { link, limiter: createRedisLimiter(link) };
}
