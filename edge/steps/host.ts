import { isIP } from "node:net";
import { isPlainLocal } from "@/domain/auth/cookies.ts";
import { DomainError } from "@/domain/errors.ts";
import { check } from "@/edge/step.ts";

/** Asked by who watches the process, by whatever name; they tell nothing. */
const HEALTH = ["/healthz", "/readyz"];

/**
 * Refuses names that aren't ours where PUBLIC_URL is on this machine: a name that its owner has lead to 127.0.0.1 would
 * otherwise be our own origin to a browser (DNS rebinding). An address can't be rebound.
 */
export const requireKnownHost = check(({ request, path, incoming: { services: { config } } }) => {
  if (!isPlainLocal(config) || HEALTH.includes(path)) return;
  const { hostname } = new URL(request.url);
  if (hostname === "localhost" || isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) return;
  throw new DomainError(
    "bad_request",
    `This installation is at ${config.PUBLIC_URL}. Set PUBLIC_URL to serve it by another name.`,
  );
});
