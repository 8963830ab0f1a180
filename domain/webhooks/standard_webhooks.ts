import { createHmac, timingSafeEqual } from "node:crypto";

/** Accepted clock skew (Standard Webhooks, "Verifying"). */
export const TOLERANCE_SECONDS = 300;
const PREFIX = "whsec_";
const MOST_SIGNATURES = 32;

/** The exact bytes that are signed. */
export interface WebhookMessage {
  id: string;
  /** Seconds since 1970, or the raw header. */
  timestamp: number | string;
  body: Uint8Array | string;
}

export interface SignedMessage extends WebhookMessage {
  timestamp: string;
  /** Space-separated `v1,…` signatures. */
  signature: string;
}

export type SignatureProblem = "malformed" | "too_old" | "too_new" | "wrong_signature";

/** By Standard Webhooks 1.0.0: HMAC-SHA-256 of `id.timestamp.body`. See {@link readSecret}. */
export function sign(secret: Uint8Array, message: WebhookMessage): string {
  return `v1,${mac(secret, message).toString("base64")}`;
}

/**
 * In constant time per secret. One match of `secrets` is enough, which allows rotation; `now` is in milliseconds.
 * @returns null when the message is genuine
 */
export function verify(
  secrets: readonly Uint8Array[],
  message: SignedMessage,
  now: number = Date.now(),
): SignatureProblem | null {
  if (!/^[!-~]{1,256}$/.test(message.id) || !/^\d{1,12}$/.test(message.timestamp)) return "malformed";
  const given = message.signature.split(" ", MOST_SIGNATURES).filter((one) => one.startsWith("v1,"))
    .map((one) => Buffer.from(one.slice(3), "base64"));
  if (given.length === 0) return "malformed";
  const ahead = Number(message.timestamp) - Math.floor(now / 1000);
  if (ahead < -TOLERANCE_SECONDS) return "too_old";
  if (ahead > TOLERANCE_SECONDS) return "too_new";
  let genuine = false;
  for (const secret of secrets) {
    const expected = mac(secret, message);
    for (const one of given) {
      if (one.length === expected.length && timingSafeEqual(one, expected)) genuine = true;
    }
  }
  return genuine ? null : "wrong_signature";
}

/** Reads `webhook-…` or `svix-…` headers. @returns null when one of the three is missing */
export function readSignature(
  headers: Headers,
): Pick<SignedMessage, "id" | "timestamp" | "signature"> | null {
  for (const name of ["webhook", "svix"]) {
    const [id, timestamp, signature] = ["id", "timestamp", "signature"].map((part) =>
      headers.get(`${name}-${part}`)
    );
    if (id && timestamp && signature) return { id, timestamp, signature };
  }
  return null;
}

export function writeSecret(secret: Uint8Array): string {
  return PREFIX + Buffer.from(secret).toString("base64");
}

/** Parses a secret with or without its `whsec_` prefix. @returns null unless it is base64 of 24 to 64 bytes */
export function readSecret(text: string): Uint8Array | null {
  const base64 = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const bytes = Buffer.from(base64, "base64");
  return bytes.length >= 24 && bytes.length <= 64 ? new Uint8Array(bytes) : null;
}

function mac(secret: Uint8Array, { id, timestamp, body }: WebhookMessage): Buffer {
  return createHmac("sha256", secret).update(`${id}.${timestamp}.`).update(body).digest();
}
