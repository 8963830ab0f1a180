import { renderToString } from "preact-render-to-string";
import { MailDocument } from "./MailDocument.tsx";
import type { Frame, Message } from "./message.ts";

/** The HTML part of a mail: every value is escaped, and nothing is loaded from anywhere. */
export function renderHtml(message: Message, frame: Frame): string {
  return `<!doctype html>\n${renderToString(<MailDocument message={message} frame={frame} />)}\n`;
}
