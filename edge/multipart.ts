import busboy from "busboy";
import { DomainError } from "@/domain/errors.ts";
import { MOST_FILES } from "@/domain/attachments/types.ts";
import { boundField } from "@/domain/shared/marks.ts";
import { feed, type FileFeed } from "./file_feed.ts";

/** Fields that aren't files, by name; a repeated one is a list. */
export type Fields = Record<string, string | string[]>;

export interface Part {
  field: string;
  name: string;
  mediaType: string;
  /** The bytes. A piece is valid until the next is requested; what isn't read is dropped. */
  source: AsyncIterator<Uint8Array>;
}

/** How browsers escape quotes and line ends in names (HTML, multipart/form-data encoding). */
const ESCAPED = /%(?:22|0D|0A)/gi;

const FIELDS_LIMIT = 512 * 1024;
const FIELD_LIMIT = 256 * 1024;
const LIMITS = {
  fields: 200,
  files: MOST_FILES,
  parts: 200 + MOST_FILES,
  headerPairs: 20,
  fieldSize: FIELD_LIMIT,
};

/** The next piece of a body, null at its end; it may be read into the memory of `spare`. */
export type Pull = (spare: ArrayBuffer | undefined) => Promise<Uint8Array<ArrayBuffer> | null>;

/**
 * Parses a body (RFC 7578) as it arrives, a piece at a time. If `take` throws, the rest is still read for its fields.
 * @returns the fields, and the first error @throws DomainError bad_request, and what `pull` throws
 */
export async function readMultipart(
  contentType: string,
  pull: Pull,
  take: (part: Part) => Promise<void>,
): Promise<{ fields: Fields; refusal: unknown }> {
  const parser = parserOf(contentType);
  const fields = new Map<string, string | string[]>();
  let refusal: unknown;
  let room = FIELDS_LIMIT;
  const refuse = (error: unknown) => void (refusal ??= error);
  const taken: Promise<void>[] = [];
  const feeds: FileFeed[] = [];
  let failure: unknown;
  const ended = new Promise<void>((done) => {
    parser.on("error", (error) => {
      failure ??= error;
      done();
    });
    parser.on("close", done);
  });
  parser.on("field", (name: string | undefined = "", given, { nameTruncated, valueTruncated }) => {
    room -= name.length + given.length;
    if (nameTruncated || valueTruncated || room < 0) {
      return refuse(tooMuch("The text of the form is too long"));
    }
    const value = boundField(name, given);
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [before, value].flat());
  });
  // A part without a name has none here either, whatever the types say.
  parser.on("file", (field: string | undefined = "", stream, { filename, mimeType }) => {
    const name = (filename ?? "").replaceAll(ESCAPED, decodeURIComponent);
    const file = feed(stream);
    feeds.push(file);
    const taking = take({ field, name, mediaType: mimeType, source: file.source });
    taken.push(taking.catch(refuse).finally(() => file.discard()));
  });
  parser.on("filesLimit", () => refuse(tooMuch(`At most ${MOST_FILES} files can be sent at once`)));
  for (const event of ["partsLimit", "fieldsLimit"] as const) {
    parser.on(event, () => refuse(tooMuch("The form has too many fields")));
  }
  try {
    let spare: ArrayBuffer | undefined;
    for (let piece = await pull(spare); piece && !failure; piece = await pull(spare)) {
      await written(parser, piece);
      await Promise.all(feeds.map((file) => file.settled()));
      // The parser keeps the pieces of a field until it is complete.
      const inFile = feeds.length > 0 && !feeds.at(-1)!.ended();
      spare = inFile ? piece.buffer : undefined;
    }
    parser.end();
    await ended;
  } catch (error) {
    failure = error;
    parser.destroy();
  }
  await Promise.all(taken);
  if (failure instanceof DomainError) throw failure;
  if (failure) throw new DomainError("bad_request", "The upload broke off", { cause: failure });
  return { fields: Object.fromEntries(fields), refusal };
}

function parserOf(contentType: string): busboy.Busboy {
  try {
    return busboy({ headers: { "content-type": contentType }, limits: LIMITS, defParamCharset: "utf8" });
  } catch (cause) {
    throw new DomainError("bad_request", "The multipart body can't be read", { cause });
  }
}

function written(parser: busboy.Busboy, chunk: Uint8Array): Promise<void> {
  return new Promise((done) => {
    const closed = () => done();
    parser.once("close", closed);
    parser.write(chunk, () => {
      parser.off("close", closed);
      done();
    });
  });
}

function tooMuch(detail: string): DomainError {
  return new DomainError("too_large", detail);
}
