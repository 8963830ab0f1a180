import { Buffer } from "node:buffer";
import type { Mail } from "../domain/services.ts";

/** Who sends, and when. */
export interface Envelope {
  /** `Name <address>` or an address alone. */
  from: string;
  date: Date;
}

/**
 * A mail as an Internet message (RFC 5322) of two alternatives, text and HTML (RFC 2046). Line breaks in a header
 * value become spaces, so no value can add a header or a recipient.
 */
export function mimeMessage(mail: Mail, { from, date }: Envelope): string {
  const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? "localhost";
  const boundary = `part-${mail.id}`;
  const thread = mail.thread && `<${oneLine(mail.thread).replaceAll(/[\s<>]/g, "")}@${domain}>`;
  const headers = [
    ["From", addressHeader(from)],
    ["To", oneLine(mail.to)],
    ["Subject", encodedWords(oneLine(mail.subject))],
    ["Date", date.toUTCString().replace("GMT", "+0000")],
    ["Message-ID", `<${mail.id}@${domain}>`],
    ...(thread ? [["In-Reply-To", thread], ["References", thread]] : []),
    ["Auto-Submitted", "auto-generated"],
    ["MIME-Version", "1.0"],
    ["Content-Type", `multipart/alternative; boundary="${boundary}"`],
  ];
  return [
    ...headers.map(([name, value]) => `${name}: ${value}`),
    "",
    ...part(boundary, "text/plain", mail.text),
    ...part(boundary, "text/html", mail.html),
    `--${boundary}--`,
    "",
  ].join("\r\n");
}

function part(boundary: string, type: string, content: string): string[] {
  return [
    `--${boundary}`,
    `Content-Type: ${type}; charset=utf-8`,
    "Content-Transfer-Encoding: quoted-printable",
    "",
    quotedPrintable(content),
  ];
}

function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex -- these are what must not reach a header
  return text.replaceAll(/[\x00-\x1f\x7f\u2028\u2029]+/g, " ").trim();
}

function addressHeader(from: string): string {
  const named = /^(.*?)\s*<([^<>]+)>\s*$/.exec(oneLine(from));
  if (!named?.[1]) return oneLine(from);
  return `${encodedWords(named[1].replaceAll('"', ""))} <${named[2]}>`;
}

/** RFC 2047: words of at most 75 characters, never cutting a character in two. */
function encodedWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && text.length < 900) return text;
  const words: string[] = [];
  let chunk = "";
  for (const char of text) {
    if (Buffer.byteLength(chunk + char) > 42) {
      words.push(chunk);
      chunk = "";
    }
    chunk += char;
  }
  words.push(chunk);
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString("base64")}?=`).join("\r\n ");
}

/** RFC 2045, 6.7: lines of at most 76 characters. */
function quotedPrintable(text: string): string {
  return text.split(/\r?\n/).map((line) => {
    const lines: string[] = [];
    let current = "";
    const bytes = Buffer.from(line);
    bytes.forEach((byte, index) => {
      const last = index === bytes.length - 1;
      const plain = byte >= 0x21 && byte <= 0x7e && byte !== 0x3d || byte === 0x20 && !last;
      const piece = plain
        ? String.fromCharCode(byte)
        : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
      if (current.length + piece.length > 75) {
        lines.push(current + "=");
        current = "";
      }
      current += piece;
    });
    return [...lines, current].join("\r\n");
  }).join("\r\n");
}
