import type { Config } from "@/config.ts";
import { PermanentFailure } from "@/domain/jobs/outcome.ts";
import { senderOf } from "@/domain/mail/sender.ts";
import type { Mail } from "@/ports.ts";

export interface MailHead {
  from: { name: string; address: string };
  to: string;
  subject: string;
  replyTo: string | undefined;
  headers: Record<string, string>;
}

/** One address and nothing else: neither a list, nor a name, nor a comment, nor a quoted local part. */
const ADDRESS = /^[^\s\p{Cc}\p{Cf}"(),:;<>@[\\\]]{1,64}@[\p{L}\p{N}][\p{L}\p{N}.-]{0,252}$/u;

/** @throws GiveUp when the recipient isn't one plain address */
export function headOf(mail: Mail, config: Pick<Config, "MAIL_FROM">): MailHead {
  if (!ADDRESS.test(mail.to)) {
    throw new PermanentFailure("Cannot send: the recipient is not one plain e-mail address");
  }
  const { unsubscribeUrl, thread } = mail;
  return {
    from: { name: oneLine(mail.fromName), address: senderOf(config).address },
    to: mail.to,
    subject: oneLine(mail.subject),
    replyTo: mail.replyTo,
    headers: {
      ...(thread ? { "In-Reply-To": thread, "References": thread } : {}),
      // Answering machines answer neither (RFC 3834; the second is Exchange's word).
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "OOF, AutoReply",
      ...(unsubscribeUrl
        ? {
          "List-Unsubscribe": `<${unsubscribeUrl}>`,
          "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        : {}),
    },
  };
}

/** Without line breaks and other controls, and without marks that turn the direction of what comes after. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();
}
