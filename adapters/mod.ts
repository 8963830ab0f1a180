import type { Config } from "../config.ts";
import type { Services } from "../domain/services.ts";
import { createBlobStore } from "./blobs.ts";
import { createBreachCheck } from "./breaches.ts";
import { createLocalBus } from "./local_bus.ts";
import { createMail } from "./mail.ts";
import { createPasswordHasher } from "./passwords.ts";
import { createRateLimiter } from "./rate_limiter.ts";
import { createResendReceived } from "./resend_received.ts";
import { createSecrets, readSecretKey, type SecretKeys } from "./secrets.ts";
import { createWebhookSender } from "./webhook_sender.ts";

/**
 * Makes every adapter as the configuration says.
 *
 * @throws when the secret key can't be read or kept
 */
export async function createServices(config: Config): Promise<Services & { secrets: SecretKeys }> {
  const bus = createLocalBus();
  return {
    config,
    limiter: createRateLimiter(),
    passwords: createPasswordHasher(),
    breaches: createBreachCheck(config),
    mail: createMail(config),
    received: createResendReceived(config),
    secrets: createSecrets(await readSecretKey(config)),
    blobs: createBlobStore(config),
    webhooks: createWebhookSender({ allowPrivate: config.ALLOW_PRIVATE_WEBHOOKS }),
    bus,
    wake: () => bus.publish("jobs", ""),
  };
}
