import { Buffer } from "node:buffer";
import { simpleParser } from "mailparser";
import { cleanName } from "@/domain/attachments/names.ts";
import { MOST_FILES } from "@/domain/attachments/types.ts";
import { boundMarks } from "@/domain/shared/marks.ts";
import { withoutDirectionMarks } from "@/domain/text.ts";
import { parseAddress } from "./mail_address.ts";
import { automaticReason } from "./automatic.ts";
import { MOST_HEADERS, partHeaderBytes } from "./mail_head.ts";
import { htmlToText } from "./split_reply.ts";

/** Limits against emails made to be expensive. */
const MOST_PARTS = 100;
/** The library takes time by the square of them. */
const MOST_PART_HEADERS = 1024 * 1024;
const MOST_TEXT = 1024 * 1024;
/** Of a name or subject, which are cut to less where they are kept. */
const MOST_LINE = 1000;

export interface InboundContent {
  /** In lower case; null when From is missing or has several addresses. */
  from: string | null;
  fromName: string;
  subject: string;
  /** From the text or the HTML part. */
  text: string;
  /** Message-IDs in In-Reply-To and References, without angle brackets. */
  answers: string[];
  /** Why it counts as automatic; null for an email from a person. */
  automatic: string | null;
  files: MailFile[];
  /** Names of files beyond the limit. */
  leftOut: string[];
}

export interface MailFile {
  name: string;
  mediaType: string;
  content: Uint8Array;
}

/** Parses a raw email (RFC 5322, MIME), in a thread of its own. @throws Error for too many parts or headers */
export async function parseMail(raw: Uint8Array): Promise<InboundContent> {
  if (partHeaderBytes(raw) > MOST_PART_HEADERS) throw new Error("Cannot parse the email: too many headers");
  const mail = await simpleParser(Buffer.from(raw.buffer, raw.byteOffset, raw.length), {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipImageLinks: true,
    keepCidLinks: true,
    ignoreEmbedded: true,
    checksumAlgo: false,
    maxChildNodes: MOST_PARTS,
    maxHeadSize: MOST_HEADERS,
  });
  const senders = mail.from?.value ?? [];
  const line = (text = "") => boundMarks(withoutDirectionMarks(text.slice(0, MOST_LINE)));
  const plain = (mail.text ?? "").slice(0, MOST_TEXT);
  const files = mail.attachments.filter(({ content }) => content.length > 0);
  return {
    from: senders.length === 1 ? parseAddress(senders[0]?.address ?? "")?.email ?? null : null,
    fromName: line(senders[0]?.name),
    subject: line(mail.subject),
    text: boundMarks(plain.trim() === "" && mail.html ? htmlToText(mail.html) : plain),
    answers: [mail.inReplyTo ?? "", ...[mail.references ?? []].flat()].map((id) =>
      id.replaceAll(/[<>\s]/g, "")
    )
      .filter(Boolean).slice(0, 20),
    automatic: automaticReason(mail),
    files: files.slice(0, MOST_FILES).map((file, i) => ({
      name: cleanName(file.filename ?? `file-${i + 1}`),
      // The library guesses types from file names, sometimes oddly.
      mediaType: typeof file.contentType === "string" ? file.contentType : "application/octet-stream",
      content: file.content,
    })),
    leftOut: files.slice(MOST_FILES).map(({ filename }) => cleanName(filename ?? "a file")),
  };
}
