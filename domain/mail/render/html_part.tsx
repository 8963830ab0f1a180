import { renderToString } from "preact-render-to-string";
import { MailDocument } from "./MailDocument.tsx";
import type { MailContent, MailFrame } from "./mail_content.ts";

/** The HTML part: values are escaped, and nothing is loaded from elsewhere. */
export function renderHtml(message: MailContent, frame: MailFrame): string {
  return `<!doctype html>\n${renderToString(<MailDocument message={message} frame={frame} />)}\n`;
}
