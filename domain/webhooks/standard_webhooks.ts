import { createHmac, timingSafeEqual } from "node:crypto";

/** How far a message's time may be from ours, either way, in seconds (Standard Webhooks, "Verifying"). */
export const TOLERANCE_SECONDS = 300;
const PREFIX = "whsec_";
/** More than any sender has secrets in use. */
const MOST_SIGNATURES = 32;

/** What is signed: the bytes that are sent, not what they mean. */
export interface WebhookMessage {
  id: string;
  /** Seconds since 1970, or the header as it came. */
  timestamp: number | string;
  body: Uint8Array | string;
}

/** A message with the claim that it is genuine. */
export interface SignedMessage extends WebhookMessage {
  timestamp: string;
  /** Signatures with spaces between, as `v1,…`. */
  signature: string;
}

/** Why a message isn't believed. */
export type SignatureProblem = "malformed" | "too_old" | "too_new" | "wrong_signature";

/**
 * Signs a message as Standard Webhooks 1.0.0 says: HMAC-SHA-256 over `id.timestamp.body`.
 *
 * @param secret the bytes of the secret, see {@link readSecret}
 * @returns one signature, `v1,` and base64
 */
export function sign(secret: Uint8Array, message: WebhookMessage): string {
  return `v1,${mac(secret, message).toString("base64")}`;
}

/**
 * Checks a message against every secret in use, in constant time for each.
 *
 * @param secrets the bytes of the secrets; one that fits is enough, so that they can be changed one after the other
 * @param now the time here, in milliseconds since 1970
 * @returns null when the message is genuine, else why not
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

/**
 * What the headers claim, by either name: `webhook-…` of the standard, or `svix-…`.
 *
 * @returns null when one of the three is missing
 */
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

/** A secret as people hand it on: `whsec_` and base64. */
export function writeSecret(secret: Uint8Array): string {
  return PREFIX + Buffer.from(secret).toString("base64");
}

/**
 * The bytes of a secret as people hand it on.
 *
 * @returns null when it isn't base64 of 24 to 64 bytes, with or without `whsec_` before it
 */
export function readSecret(text: string): Uint8Array | null {
  const base64 = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const bytes = Buffer.from(base64, "base64");
  return bytes.length >= 24 && bytes.length <= 64 ? new Uint8Array(bytes) : null;
}

function mac(secret: Uint8Array, { id, timestamp, body }: WebhookMessage): Buffer {
  return createHmac("sha256", secret).update(`${id}.${timestamp}.`).update(body).digest();
}
