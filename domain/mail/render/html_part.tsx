import { renderToString } from "preact-render-to-string";
import { MailDocument } from "./MailDocument.tsx";
import type { MailContent, MailFrame } from "./mail_content.ts";

/** The HTML part of a mail: every value is escaped, and nothing is loaded from anywhere. */
export function renderHtml(message: MailContent, frame: MailFrame): string {
  return `<!doctype html>\n${renderToString(<MailDocument message={message} frame={frame} />)}\n`;
}
