import { convert } from "html-to-text";
import { REPLY_LINE } from "@/domain/mail/render/mail_content.ts";

const MOST_HTML = 256 * 1024;

/** An HTML email as text; quotes are marked with `>`, images and hidden text are dropped. */
export function htmlToText(html: string): string {
  return convert(html.slice(0, MOST_HTML), {
    wordwrap: false,
    limits: { maxInputLength: MOST_HTML, maxDepth: 60, maxChildNodes: 20_000, ellipsis: "…" },
    selectors: [
      { selector: "img", format: "skip" },
      {
        selector: "a",
        options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, linkBrackets: ["(", ")"] },
      },
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
      // Tables in emails are layout: each cell is a line.
      ...["table", "td", "th"].map((selector) => ({ selector, format: "block" })),
    ],
  }).replaceAll(/\n{3,}/g, "\n\n").trim();
}

export interface SplitReply {
  reply: string;
  quoted: string;
}

const MOST_LINES = 5_000;
const LONGEST_MARK = 400;
/** The line or two that mail programs put before quoted text. */
const ATTRIBUTION =
  /^(?:on\b.*\bwrote|am\b.*\bschrieb\b.*|le\b.*\ba écrit|el\b.*\bescribió|il\b.*\bha scritto|op\b.*\bschreef\b.*)\s*:$/i;
const SEPARATOR =
  /^-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|forwarded message)\s*-{2,}$/i;
const UNDERLINE = /^_{10,}$/;
const FROM = /^\*?(?:from|von|de|da|van):\*?\s.*@/i;
const SENT = /^\*?(?:sent|date|gesendet|datum|envoyé|enviado|inviato|verzonden):/i;

/** If in doubt, as with answers between quoted lines, everything is the reply. */
export function splitReply(text: string): SplitReply {
  const lines = text.replaceAll(/\r\n?/g, "\n").split("\n");
  const at = lines.slice(0, MOST_LINES).findIndex((_, i) => beginsQuote(lines, i));
  const whole = { reply: lines.join("\n").trim(), quoted: "" };
  if (at < 0) return whole;
  const rest = lines.slice(at);
  // Below our own reply line the email itself contains quotes.
  const isOurs = !rest[0]!.startsWith(">") && rest[0]!.includes(REPLY_LINE);
  const quotes = !isOurs && rest.some((line) => line.startsWith(">"));
  // Anything unquoted after an attribution was written by the sender.
  const answersBetween = quotes &&
    rest.slice(attributionLines(rest)).some((line) => line.trim() !== "" && !line.startsWith(">"));
  const reply = lines.slice(0, at).join("\n").trim();
  return reply === "" || answersBetween ? whole : { reply, quoted: rest.join("\n").trim() };
}

function beginsQuote(lines: string[], i: number): boolean {
  const line = lines[i]!.trim();
  if (line === "" || line.length > LONGEST_MARK) return false;
  if (line.includes(REPLY_LINE) || SEPARATOR.test(line) || attributionLines(lines.slice(i, i + 2)) > 0) {
    return true;
  }
  const next = lines.slice(i, i + 6).map((one) => one.trim().slice(0, LONGEST_MARK));
  const header = UNDERLINE.test(line) ? next.slice(1).find((one) => one !== "") ?? "" : line;
  if (FROM.test(header)) return next.some((one) => SENT.test(one));
  // Quoted to the end without an attribution.
  return line.startsWith(">") && i > 0 && !lines[i - 1]!.startsWith(">") &&
    lines.slice(i, i + 200).every((one) => one.trim() === "" || one.startsWith(">"));
}

/** The number of lines of an attribution at the start: 0, 1 or 2. */
function attributionLines([first = "", second = ""]: string[]): number {
  const one = first.trim().slice(0, LONGEST_MARK);
  if (ATTRIBUTION.test(one)) return 1;
  return /^(?:on|am|le|el|il|op)\b/i.test(one) &&
      ATTRIBUTION.test(`${one} ${second.trim()}`.slice(0, LONGEST_MARK))
    ? 2
    : 0;
}
