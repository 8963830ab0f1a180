import type { Config } from "../config.ts";
import type { Services } from "../domain/services.ts";
import { createBlobStore } from "./blobs.ts";
import { createBreachCheck } from "./breaches.ts";
import { createLocalBus } from "./local_bus.ts";
import { createMail } from "./mail.ts";
import { createPasswordHasher } from "./passwords.ts";
import { createRateLimiter } from "./rate_limiter.ts";
import { createRedisLimiter } from "./redis_limiter.ts";
import { RedisLink } from "./redis_link.ts";
import { createResendReceived } from "./resend_received.ts";
import { createSecrets, readSecretKey, type SecretKeys } from "./secrets.ts";
import { createWebhookSender } from "./webhook_sender.ts";
import { createWiredBus, type Wire } from "./wired_bus.ts";

/**
 * Makes every adapter as the configuration says.
 *
 * @param notifier carries messages between instances where there is no Redis
 * @throws when the secret key can't be read or kept
 */
export async function createServices(
  config: Config,
  notifier?: Wire,
): Promise<Services & { secrets: SecretKeys }> {
  const secrets = createSecrets(await readSecretKey(config));
  const redis = config.REDIS_URL &&
    await RedisLink.open(config.REDIS_URL, `servicehub:${secrets.fingerprint.slice(0, 8)}:`);
  const wire = redis || notifier;
  const bus = wire ? createWiredBus(wire) : createLocalBus();
  return {
    config,
    limiter: redis ? createRedisLimiter(redis) : createRateLimiter(),
    passwords: createPasswordHasher(),
    breaches: createBreachCheck(config),
    mail: createMail(config),
    received: createResendReceived(config),
    secrets,
    blobs: createBlobStore(config),
    webhooks: createWebhookSender({ allowPrivate: config.ALLOW_PRIVATE_WEBHOOKS }),
    bus,
    wake: () => bus.publish("jobs", ""),
  };
}
