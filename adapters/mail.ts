import type { Config } from "@/config.ts";
import type { MailTransport } from "@/ports.ts";
import { createConsoleMail } from "./console_mail.ts";
import { createResendMail } from "./resend_mail.ts";
import { createSmtpMail } from "./smtp_mail.ts";

export function createMail(config: Config): MailTransport {
  switch (config.MAIL_TRANSPORT) {
    case "console":
      return createConsoleMail(config);
    case "resend":
      return createResendMail(config);
    case "smtp":
      return createSmtpMail(config);
  }
}
