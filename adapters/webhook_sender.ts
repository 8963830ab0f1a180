import { lookup as askResolver } from "node:dns/promises";
import http, { type IncomingMessage, type RequestOptions } from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import type { WebhookAnswer, WebhookRequest, WebhookSender } from "@/ports.ts";
import { addressOfHost, maySendTo } from "@/domain/webhooks/addresses.ts";
import { urlProblem } from "@/domain/webhooks/url.ts";

export interface Resolved {
  address: string;
  family: 4 | 6;
}

export interface SenderOptions {
  allowPrivate: boolean;
  /** Asked once for each message; default the system's resolver. */
  resolve?: (hostname: string) => Promise<Resolved[]>;
  /** For finding the address, connecting, sending and the answer together. */
  timeoutMs?: number;
  /** A certificate authority to trust beside the system's, in PEM. */
  ca?: string;
}

const KEPT_BYTES = 1024;
const TIMEOUT_MS = 15_000;
const MOST_ADDRESSES = 4;

/**
 * Sends webhooks (CHK-27). The name is looked up once, every address that it leads to has to be public, and the
 * connection goes to these very addresses, so that a name that changes its mind in between leads nowhere else. Name and
 * certificate are those of the URL all the same. No redirect is followed, no proxy used, no connection kept.
 */
export function createWebhookSender(
  { allowPrivate, resolve = resolveBySystem, timeoutMs = TIMEOUT_MS, ca }: SenderOptions,
): WebhookSender {
  async function findAddresses(url: URL): Promise<Resolved[]> {
    const literal = addressOfHost(url.hostname);
    const found: Resolved[] = literal
      ? [{ address: literal, family: literal.includes(":") ? 6 : 4 }]
      : await resolve(url.hostname).catch(() => []);
    if (found.length === 0 || !found.every(({ address }) => maySendTo(address, { allowPrivate }))) {
      // One answer: whoever can add a webhook must not learn which names there are in our network.
      throw new Error(`Not sent: "${url.hostname}" has no address on the public internet`);
    }
    return found.slice(0, MOST_ADDRESSES);
  }
  return {
    async send(request, { signal }) {
      const problem = urlProblem(request.url, { allowPrivate });
      if (problem) throw new Error(`Not sent: the address is not allowed: ${problem}`);
      const url = new URL(request.url);
      const deadline = AbortSignal.timeout(timeoutMs);
      const until = AbortSignal.any([signal, deadline]);
      try {
        const targets = await orAborted(findAddresses(url), until);
        return await postToFirst(url, request, { targets, until, ca });
      } catch (error) {
        if (deadline.aborted) throw new Error(`No answer within ${timeoutMs / 1000} s`, { cause: error });
        throw error;
      }
    },
  };
}

async function resolveBySystem(hostname: string): Promise<Resolved[]> {
  const found = await askResolver(hostname, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

/** A look-up can't be called off; it is left behind. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(new Error("Sending was broken off"));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

class Unreachable extends Error {}

async function postToFirst(
  url: URL,
  request: WebhookRequest,
  { targets, ...rest }: { targets: Resolved[]; until: AbortSignal; ca: string | undefined },
): Promise<WebhookAnswer> {
  let failure: unknown;
  for (const target of targets) {
    try {
      return await post(url, request, { target, ...rest });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function post(
  url: URL,
  { headers, body }: WebhookRequest,
  { target, until, ca }: { target: Resolved; until: AbortSignal; ca: string | undefined },
): Promise<WebhookAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WebhookAnswer>();
  const bytes = new TextEncoder().encode(body);
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": bytes.length },
    // A connection of its own, and to this very address.
    agent: false,
    lookup: pinnedTo(target),
    ...(ca ? { ca } : {}),
  };
  let answered = false;
  const request = (url.protocol === "https:" ? https : http).request(url, options, (message) => {
    answered = true;
    readStart(message, until).then((text) => {
      resolve({ status: message.statusCode ?? 0, body: text, retryAfter: retryAfterOf(message) });
      request.destroy();
    });
  });
  const abort = () => request.destroy(new Error("Sending was broken off"));
  until.addEventListener("abort", abort, { once: true });
  // Once the status is there, what becomes of the connection changes nothing.
  const fail = (error: Error) => answered || reject(error);
  request.on("error", (error) => fail(errorOf(error)));
  request.on("close", () => {
    until.removeEventListener("abort", abort);
    fail(new Error("The connection was closed without an answer"));
  });
  if (until.aborted) abort();
  else request.end(bytes);
  return promise;
}

function pinnedTo({ address, family }: Resolved): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

/** The first KiB of an answer as text. What was read counts, however it goes on: the status is known already. */
async function readStart(message: IncomingMessage, until: AbortSignal): Promise<string> {
  const kept = new Uint8Array(KEPT_BYTES);
  let length = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  message.on("data", (chunk: Uint8Array) => {
    const part = chunk.subarray(0, KEPT_BYTES - length);
    kept.set(part, length);
    length += part.length;
    if (length === KEPT_BYTES) resolve();
  });
  for (const event of ["end", "error", "close", "aborted"]) message.on(event, () => resolve());
  until.addEventListener("abort", () => resolve(), { once: true });
  if (until.aborted) resolve();
  await promise;
  const text = new TextDecoder().decode(kept.subarray(0, length), { stream: true });
  return text.replaceAll("\0", "\ufffd");
}

/** `Retry-After` in seconds from now (RFC 9110, 10.2.3). */
function retryAfterOf({ headers }: IncomingMessage): number | null {
  const text = headers["retry-after"]?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const seconds = Math.ceil((Date.parse(text) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: "The connection was refused",
  ECONNRESET: "The connection was cut before an answer came",
  EPIPE: "The connection was cut before an answer came",
  EHOSTUNREACH: "The server can't be reached",
  ENETUNREACH: "The server can't be reached",
  ETIMEDOUT: "The server can't be reached",
  ERR_TLS_CERT_ALTNAME_INVALID: "The certificate belongs to another name",
  CERT_HAS_EXPIRED: "The certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The certificate is signed by nobody that is trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "The certificate is signed by nobody that is trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The certificate is signed by nobody that is trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "The certificate is signed by nobody that is trusted",
};

const UNREACHABLE = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/;

function errorOf(cause: Error & { code?: string }): Error {
  const { code = "", message } = cause;
  const reason = REASONS[code] ?? `The message can't be sent: ${message.slice(0, 200)}`;
  return UNREACHABLE.test(code) ? new Unreachable(reason, { cause }) : new Error(reason, { cause });
}
