import nodemailer from "nodemailer";
import type { Config } from "@/config.ts";
import { PermanentFailure } from "@/domain/jobs/outcome.ts";
import type { MailTransport } from "@/ports.ts";
import { messageOf } from "./mail_message.ts";

const CONNECTIONS = 8;
const TIMEOUT_MS = 20_000;
/** Replies about credentials: the operator can fix these, so the mail is retried. */
const ACCESS = new Set([530, 534, 535, 538]);

/** `smtps://` is encrypted from the start, `smtp://` elsewhere by STARTTLS if offered. Passwords never go unencrypted. */
export function createSmtpMail(
  config: Pick<Config, "SMTP_URL" | "MAIL_FROM">,
  { timeoutMs = TIMEOUT_MS } = {},
): MailTransport {
  const server = nodemailer.createTransport({
    ...serverOf(config.SMTP_URL!),
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: timeoutMs / 2,
    greetingTimeout: timeoutMs / 2,
    socketTimeout: timeoutMs,
  });
  const turn = turns(CONNECTIONS);
  return {
    delivers: true,
    async send(mail, { signal } = {}) {
      const message = messageOf(mail, config);
      return await turn(async () => {
        // Waited longer than its job's deadline: the next attempt sends it.
        signal?.throwIfAborted();
        const { response } = await server.sendMail(message).catch((error) => {
          throw meaningOf(error);
        });
        return { providerId: /\b(?:queued as|id=)\s*<?([\w.-]{1,200})/i.exec(response)?.[1] ?? null };
      });
    },
    close: () => server.close(),
  };
}

function serverOf(address: string) {
  const url = new URL(address);
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const here = /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);
  const [user, pass] = [url.username, url.password].map(decodeURIComponent);
  return {
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !here && user !== "",
    // Local servers rarely have a certificate, and nothing leaves the machine.
    ignoreTLS: here,
    ...(user ? { auth: { user, pass: pass ?? "" } } : {}),
  };
}

/** A 5xx reply to the mail itself is permanent; everything else is retried (RFC 5321, 4.2.1). */
function meaningOf(error: unknown): Error {
  const { responseCode, command, message } = error as Error & { responseCode?: number; command?: string };
  const reason = `The mail server refused: ${message}`;
  const final = responseCode !== undefined && responseCode >= 500 && !ACCESS.has(responseCode) &&
    /^(MAIL FROM|RCPT TO|DATA)/.test(command ?? "");
  return final ? new PermanentFailure(reason, { cause: error }) : new Error(reason, { cause: error });
}

function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
