import { Buffer } from "node:buffer";
import type { SendMailOptions } from "nodemailer";
import type { Config } from "@/config.ts";
import type { Mail } from "@/ports.ts";
import { headOf } from "./mail_headers.ts";

/** A mail as nodemailer takes it, which makes an Internet message of it (RFC 5322): text and HTML, and its files. */
export function messageOf(mail: Mail, config: Pick<Config, "MAIL_FROM">): SendMailOptions {
  const { from, to, subject, replyTo, headers } = headOf(mail, config);
  return {
    from,
    to: { name: "", address: to },
    subject,
    ...(replyTo ? { replyTo: { name: "", address: replyTo } } : {}),
    messageId: mail.messageId,
    headers,
    text: mail.text,
    html: mail.html,
    ...(mail.attachments
      ? {
        attachments: mail.attachments.map(({ name, type, content }) => ({
          filename: name,
          contentType: type,
          content: Buffer.from(content),
        })),
      }
      : {}),
    // No value of a mail is ever a path or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
