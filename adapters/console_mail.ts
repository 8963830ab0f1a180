import nodemailer from "nodemailer";
import type { Config } from "@/config.ts";
import type { MailTransport } from "@/ports.ts";
import { log } from "@/log.ts";
import { messageOf } from "./mail_message.ts";

/** Without a mail server: each message becomes `DATA_DIR/mail/<id>.eml` (mode 0600), and the log tells only the path. */
export function createConsoleMail(config: Pick<Config, "DATA_DIR" | "MAIL_FROM">): MailTransport {
  const folder = `${config.DATA_DIR}/mail`;
  const writer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  return {
    delivers: false,
    async send(mail) {
      const { message } = await writer.sendMail(messageOf(mail, config));
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      const path = `${folder}/${mail.id}.eml`;
      await Deno.writeFile(`${path}.part`, message as Uint8Array, { mode: 0o600 });
      await Deno.rename(`${path}.part`, path);
      log("info", "E-mail written", { path });
      return { providerId: null };
    },
    close() {},
  };
}
