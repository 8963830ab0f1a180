import { convert } from "html-to-text";
import { REPLY_LINE } from "@/domain/mail/render/mail_content.ts";

/** Characters of HTML that are read. */
const MOST_HTML = 256 * 1024;

/** What a mail in HTML says, as plain text: quotes are marked as in plain mails, pictures and what is hidden are gone. */
export function htmlToText(html: string): string {
  return convert(html, {
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
      // Tables of mails lay things out; each cell is a line.
      ...["table", "td", "th"].map((selector) => ({ selector, format: "block" })),
    ],
  }).replaceAll(/\n{3,}/g, "\n\n").trim();
}

/** A mail's text in two: what its writer says, and what it repeats of the mails before. */
export interface SplitReply {
  reply: string;
  quoted: string;
}

/** Lines among which the beginning of what is repeated is looked for. */
const MOST_LINES = 5_000;
/** Longer lines are no marks. */
const LONGEST_MARK = 400;
/** Mail programs put this before the mail that they repeat, over one line or two. */
const ATTRIBUTION =
  /^(?:on\b.*\bwrote|am\b.*\bschrieb\b.*|le\b.*\ba écrit|el\b.*\bescribió|il\b.*\bha scritto|op\b.*\bschreef\b.*)\s*:$/i;
const SEPARATOR =
  /^-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|forwarded message)\s*-{2,}$/i;
const UNDERLINE = /^_{10,}$/;
const FROM = /^\*?(?:from|von|de|da|van):\*?\s.*@/i;
const SENT = /^\*?(?:sent|date|gesendet|datum|envoyé|enviado|inviato|verzonden):/i;

/**
 * Parts a reply from what it repeats. Where there is doubt, as in answers written between the quoted lines, all of it
 * counts as said.
 */
export function splitReply(text: string): SplitReply {
  const lines = text.replaceAll(/\r\n?/g, "\n").split("\n");
  const at = lines.slice(0, MOST_LINES).findIndex((_, i) => beginsQuote(lines, i));
  const whole = { reply: lines.join("\n").trim(), quoted: "" };
  if (at < 0) return whole;
  const rest = lines.slice(at);
  // Below our own line nothing is quoted mark by mark: the mail itself quotes.
  const isOurs = !rest[0]!.startsWith(">") && rest[0]!.includes(REPLY_LINE);
  const quotes = !isOurs && rest.some((line) => line.startsWith(">"));
  // Behind an attribution comes what is marked as quoted; anything else there was written by this person.
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
  // No attribution, but quoted to the end.
  return line.startsWith(">") && i > 0 && !lines[i - 1]!.startsWith(">") &&
    lines.slice(i, i + 200).every((one) => one.trim() === "" || one.startsWith(">"));
}

/** How many lines an attribution takes at the start of `lines`: none, one or two. */
function attributionLines([first = "", second = ""]: string[]): number {
  const one = first.trim().slice(0, LONGEST_MARK);
  if (ATTRIBUTION.test(one)) return 1;
  return /^(?:on|am|le|el|il|op)\b/i.test(one) &&
      ATTRIBUTION.test(`${one} ${second.trim()}`.slice(0, LONGEST_MARK))
    ? 2
    : 0;
}
