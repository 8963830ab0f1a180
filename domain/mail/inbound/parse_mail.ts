import { Buffer } from "node:buffer";
import type { ParsedMail } from "mailparser";
import { cleanName } from "@/domain/attachments/names.ts";
import { MOST_FILES } from "@/domain/attachments/types.ts";
import { parseAddress } from "./mail_address.ts";
import { automaticReason } from "./automatic.ts";
import { htmlToText } from "./split_reply.ts";

/** Parts of a mail at most, and bytes of the headers of one: more are made to be many. */
const MOST_PARTS = 100;
const MOST_HEADERS = 256 * 1024;
/** Bytes of a text that is looked at. */
const MOST_TEXT = 1024 * 1024;

/** A mail, read. */
export interface InboundContent {
  /** The address of From, in lower case; null where it has none or several. */
  from: string | null;
  /** The name beside it. */
  fromName: string;
  subject: string;
  /** What it says, of plain text or of HTML. */
  text: string;
  /** Message-IDs that it answers, without angle brackets. */
  answers: string[];
  /** Why it was written by a machine; null for what a person wrote. */
  automatic: string | null;
  /** Whether the server that took it in found From to be forged. */
  forged: boolean;
  files: MailFile[];
  /** Names of files past the most that one mail may bring. */
  leftOut: string[];
}

/** A file of a mail. */
export interface MailFile {
  name: string;
  mediaType: string;
  content: Uint8Array;
}

/**
 * Reads a mail as it was received (RFC 5322, MIME).
 *
 * @throws Error for one with too many parts or headers
 */
export async function parseMail(raw: Uint8Array): Promise<InboundContent> {
  // Loaded with the first mail: it takes 20 MiB that most desks never need.
  const { simpleParser } = await import("mailparser");
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
  const plain = (mail.text ?? "").slice(0, MOST_TEXT);
  const files = mail.attachments.filter(({ content }) => content.length > 0);
  return {
    from: senders.length === 1 ? parseAddress(senders[0]?.address ?? "")?.email ?? null : null,
    fromName: senders[0]?.name ?? "",
    subject: mail.subject ?? "",
    text: plain.trim() === "" && mail.html ? htmlToText(mail.html) : plain,
    answers: [mail.inReplyTo ?? "", ...[mail.references ?? []].flat()].map((id) =>
      id.replaceAll(/[<>\s]/g, "")
    )
      .filter(Boolean).slice(0, 20),
    automatic: automaticReason(mail),
    forged: isForged(mail),
    files: files.slice(0, MOST_FILES).map((file, i) => ({
      name: cleanName(file.filename ?? `file-${i + 1}`),
      // The library looks types up by what a file is called, and finds odd things for odd names.
      mediaType: typeof file.contentType === "string" ? file.contentType : "application/octet-stream",
      content: file.content,
    })),
    leftOut: files.slice(MOST_FILES).map(({ filename }) => cleanName(filename ?? "a file")),
  };
}

/** What the server that received it found, in the topmost line, above any that the sender may have written (RFC 8601). */
function isForged({ headerLines }: ParsedMail): boolean {
  const line = headerLines.find(({ key }) => key === "authentication-results")?.line.slice(0, 4000) ?? "";
  return /\bdmarc=fail\b/i.test(line);
}
