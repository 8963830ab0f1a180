/** Events as the mail provider sends them: signed, over the bytes. */
import { readSecret, sign } from "../../domain/webhooks/standard_webhooks.ts";
import type { Desk } from "./desk.ts";

/** A secret that a desk is opened with: `RESEND_WEBHOOK_SECRET`. */
export const PROVIDER_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

export interface Sending {
  /** Of the event; default a new one. */
  id?: string;
  secret?: string;
  /** Seconds from now; default 0. */
  ahead?: number;
  /** Changes headers before they go, or takes them away. */
  headers?: Record<string, string | null>;
  /** Sent instead of what was signed. */
  sent?: string | Uint8Array<ArrayBuffer>;
  /** By which name the headers go. */
  name?: "svix" | "webhook";
}

/** Signs `event` and posts it to the desk. */
export async function sendEvent(desk: Desk, event: unknown, sending: Sending = {}): Promise<Response> {
  const { id = `msg_${crypto.randomUUID()}`, secret = PROVIDER_SECRET, ahead = 0, name = "svix" } = sending;
  const body = typeof event === "string" ? event : JSON.stringify(event);
  const timestamp = Math.floor(Date.now() / 1000) + ahead;
  const headers = new Headers({
    "content-type": "application/json",
    [`${name}-id`]: id,
    [`${name}-timestamp`]: String(timestamp),
    [`${name}-signature`]: sign(readSecret(secret)!, { id, timestamp, body }),
  });
  for (const [header, value] of Object.entries(sending.headers ?? {})) {
    if (value === null) headers.delete(header);
    else headers.set(header, value);
  }
  const url = `${desk.config.PUBLIC_URL}/v1/webhooks/resend`;
  const sent = sending.sent ?? body;
  const response = await desk.fetch(new Request(url, { method: "POST", headers, body: sent }));
  await response.clone().body?.cancel();
  return response;
}
