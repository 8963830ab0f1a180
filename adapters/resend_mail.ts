import { Buffer } from "node:buffer";
import type { Config } from "@/config.ts";
import { PermanentFailure, RetryAfter } from "@/domain/jobs/outcome.ts";
import type { Mail, MailTransport, SentMail } from "@/ports.ts";
import { headOf } from "./mail_headers.ts";

/** Including reading the answer, in milliseconds. */
const DEADLINE_MS = 20_000;
/** Refusals of the mail itself. Others concern the key, domain or quota, which can change. */
const FINAL = new Set([400, 413, 422, 451]);

/** The outbox id is Resend's idempotency key, so a mail whose answer was lost isn't sent twice. */
export function createResendMail(
  config: Pick<Config, "RESEND_API_KEY" | "RESEND_BASE_URL" | "MAIL_FROM">,
  { deadlineMs = DEADLINE_MS } = {},
): MailTransport {
  return {
    delivers: true,
    async send(mail, { signal } = {}) {
      const deadline = AbortSignal.timeout(deadlineMs);
      const response = await fetch(`${config.RESEND_BASE_URL}/emails`, {
        method: "POST",
        headers: {
          "authorization": `Bearer ${config.RESEND_API_KEY}`,
          "content-type": "application/json",
          "idempotency-key": mail.id,
          "user-agent": "ServiceHub",
        },
        body: JSON.stringify(bodyOf(mail, config)),
        redirect: "error",
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      const answer = fieldsOf(await response.text());
      return response.ok ? { providerId: answer.id ?? null } : refused(response, answer);
    },
    close() {},
  };
}

function bodyOf(mail: Mail, config: Pick<Config, "MAIL_FROM">): Record<string, unknown> {
  const { from, to, subject, replyTo, headers } = headOf(mail, config);
  return {
    from: fromLine(from),
    to: [to],
    subject,
    text: mail.text,
    html: mail.html,
    ...(replyTo ? { reply_to: replyTo } : {}),
    ...(mail.attachments
      ? {
        attachments: mail.attachments.map(({ name, type, content }) => ({
          filename: name,
          content_type: type,
          content: Buffer.from(content).toString("base64"),
        })),
      }
      : {}),
    headers: { "Message-ID": mail.messageId, ...headers },
    tags: [{ name: "tenant_id", value: mail.tenantId }, { name: "outbox_id", value: mail.id }],
  };
}

/** The name as a quoted string, in which no character begins an address (RFC 5322, 3.2.4). */
function fromLine({ name, address }: { name: string; address: string }): string {
  const plain = name.replaceAll(/["<>\\]/g, "").trim();
  return plain ? `"${plain}" <${address}>` : address;
}

function refused(response: Response, { name = "", message = "" }: Fields): SentMail {
  const { status, headers } = response;
  // An earlier attempt succeeded although its answer was lost; a name has changed since.
  if (status === 409 && name === "invalid_idempotent_request") return { providerId: null };
  const reason = `Resend answered ${status}: ${(message || name || "no reason given").slice(0, 300)}`;
  if (FINAL.has(status)) throw new PermanentFailure(reason);
  const seconds = secondsOf(headers.get("retry-after") ?? headers.get("ratelimit-reset"));
  throw seconds === null ? new Error(reason) : new RetryAfter(reason, { seconds });
}

/** Seconds of a `Retry-After` (RFC 9110, 10.2.3): a number or a date; null when it is neither. */
function secondsOf(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

interface Fields {
  id?: string;
  name?: string;
  message?: string;
}

function fieldsOf(text: string): Fields {
  try {
    const read: unknown = JSON.parse(text);
    return Object.fromEntries(
      Object.entries(read ?? {}).filter(([, value]) => typeof value === "string"),
    );
  } catch {
    return {};
  }
}
