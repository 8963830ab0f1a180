import type { Config } from "../config.ts";
import type { MailTransport } from "../domain/services.ts";
import { log } from "../log.ts";
import { mimeMessage } from "./mime.ts";

/**
 * The transport for a desk without mail: each message becomes `DATA_DIR/mail/<id>.eml` (mode 0600), and the log tells
 * the path alone. The same id again replaces its file.
 */
export function createConsoleMail(config: Pick<Config, "DATA_DIR" | "MAIL_FROM">): MailTransport {
  const folder = `${config.DATA_DIR}/mail`;
  return {
    delivers: false,
    async send(mail) {
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      const path = `${folder}/${mail.id}.eml`;
      const message = mimeMessage(mail, { from: config.MAIL_FROM, date: new Date() });
      await Deno.writeTextFile(`${path}.part`, message, { mode: 0o600 });
      await Deno.rename(`${path}.part`, path);
      log("info", "E-mail written", { path });
    },
  };
}
