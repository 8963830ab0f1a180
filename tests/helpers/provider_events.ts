/** Events as the mail provider sends them: signed, over the bytes. */
import { readSecret, sign } from "@/domain/webhooks/standard_webhooks.ts";
import { Buffer } from "node:buffer";
import { drainJobs } from "@/tests/helpers/jobs.ts";
import type { Desk } from "./desk.ts";
import type { ResendServer } from "./resend.ts";

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

/** Where events go to: a desk of a test, or a running server. */
export interface Told {
  config: { PUBLIC_URL: string };
  fetch(request: Request): Promise<Response>;
}

/** Signs `event` and posts it to the desk. */
export async function sendEvent(desk: Told, event: unknown, sending: Sending = {}): Promise<Response> {
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

/** A mail to a desk, as its writer's program makes it. */
export interface TestMail {
  from?: string;
  to: string;
  /** Whom the provider's server was told, where that is somebody else. */
  receivedFor?: string[];
  subject?: string;
  text?: string;
  html?: string;
  messageId?: string;
  headers?: Record<string, string>;
  files?: { name: string; type: string; content: string | Uint8Array }[];
  /** Sent as it is, instead of all the others. */
  raw?: string;
}

const wrapped = (base64: string) => base64.replaceAll(/(.{76})/g, "$1\r\n");

/** The mail as it goes over the wire. */
export function rawMail(mail: TestMail): string {
  if (mail.raw !== undefined) return mail.raw;
  const { text = mail.html === undefined ? "Hello" : undefined, html, files = [] } = mail;
  const parts = [
    ...(text === undefined ? [] : [part("text/plain; charset=utf-8", text)]),
    ...(html === undefined ? [] : [part("text/html; charset=utf-8", html)]),
    ...files.map(({ name, type, content }) =>
      part(`${type}; name="${name}"`, content, `Content-Disposition: attachment; filename="${name}"\r\n`)
    ),
  ];
  const kind = text !== undefined && html !== undefined && files.length === 0 ? "alternative" : "mixed";
  const head = {
    From: mail.from ?? "Rita Requester <rita.requester@harbour-works.example>",
    To: mail.to,
    Subject: `=?utf-8?B?${Buffer.from(mail.subject ?? "Printer jams").toString("base64")}?=`,
    "Message-ID": mail.messageId ?? `<${crypto.randomUUID()}@mail.example.org>`,
    Date: new Date().toUTCString(),
    ...mail.headers,
    "MIME-Version": "1.0",
    "Content-Type": `multipart/${kind}; boundary="limit"`,
  };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${lines}\r\n--limit\r\n${parts.join("\r\n--limit\r\n")}\r\n--limit--\r\n`;
}

function part(type: string, content: string | Uint8Array, more = ""): string {
  const base64 = wrapped(Buffer.from(content).toString("base64"));
  return `Content-Type: ${type}\r\n${more}Content-Transfer-Encoding: base64\r\n\r\n${base64}`;
}

/** The provider has a mail and tells the desk. @returns the id that the provider gives it */
export async function tellOfMail(
  desk: Told,
  provider: Pick<ResendServer, "received">,
  mail: TestMail & { id?: string },
): Promise<string> {
  const id = mail.id ?? crypto.randomUUID();
  const raw = rawMail(mail);
  provider.received.set(id, raw);
  const header = (name: string) => new RegExp(`^${name}: (.*)\r$`, "im").exec(raw)?.[1];
  const event = {
    type: "email.received",
    created_at: new Date().toISOString(),
    data: {
      email_id: id,
      from: mail.from ?? header("From") ?? "",
      to: [mail.to],
      cc: [],
      bcc: [],
      ...(mail.receivedFor ? { received_for: mail.receivedFor } : {}),
      subject: mail.subject ?? "Printer jams",
      message_id: header("Message-ID") ?? "",
      attachments: (mail.files ?? []).map(({ name, type }) => ({
        id: crypto.randomUUID(),
        filename: name,
        content_type: type,
      })),
    },
  };
  const response = await sendEvent(desk, event);
  if (response.status !== 204) {
    throw new Error(`The desk answered ${response.status}: ${await response.text()}`);
  }
  return id;
}

/**
 * A mail comes: the provider has it and tells the desk.
 *
 * @returns what the desk made of it once it has read it
 */
export async function mailComes(
  desk: Desk,
  provider: Pick<ResendServer, "received">,
  mail: TestMail & { id?: string; drain?: boolean },
): Promise<Received | undefined> {
  const id = await tellOfMail(desk, provider, mail);
  if (mail.drain === false) return undefined;
  await drainJobs(desk.services);
  const [row] = await desk.look<Received & Record<string, unknown>>(
    `select id, outcome, reason, verified, ticket_id as "ticketId", comment_id as "commentId" from inbound_mails
      where provider_id = $1`,
    [id],
  );
  return row;
}

/** What a desk made of a mail. */
export interface Received {
  id: string;
  outcome: string;
  reason: string | null;
  verified: boolean | null;
  ticketId: string | null;
  commentId: string | null;
}
