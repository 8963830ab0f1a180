import { Buffer } from "node:buffer";
import { fileTypeFromBuffer } from "file-type";
import { imageSize } from "image-size";
import { DomainError } from "@/domain/errors.ts";
import { extensionFor, FILE_KINDS, type FileKind } from "./kinds.ts";
import { cleanName, extensionOf } from "./names.ts";

export const HEAD_BYTES = 256 * 1024;
/** Larger images can exhaust the memory of whoever opens them. */
const MOST_PIXELS = 50_000_000;

export interface Inspected {
  name: string;
  mediaType: string;
  width: number | null;
  height: number | null;
}

/**
 * The first bytes must be of a type on the list, and agree with name and media type. Decodes nothing.
 * @throws DomainError unsupported_media_type, or too_large for an image of more than 50 million pixels
 */
export async function inspectFile(
  head: Uint8Array,
  given: { name: string; mediaType: string },
): Promise<Inspected> {
  const name = cleanName(given.name);
  const bytes = (await fileTypeFromBuffer(head).catch(() => undefined))?.mime ?? (isText(head) ? "text" : "");
  const named = extensionOf(name) === "" ? withExtension(name, bytes) : name;
  const extension = extensionOf(named);
  const kind = Object.hasOwn(FILE_KINDS, extension) ? FILE_KINDS[extension] : undefined;
  if (!kind) throw wrong(`Files like "${named}" can't be attached`);
  if (!kind.bytes.includes(bytes) || !agrees(given.mediaType, kind)) {
    throw wrong(`"${named}" is not what its name says: its content is of another type`);
  }
  return { name: named, mediaType: kind.mediaType, ...pixels(head, { name: named, kind }) };
}

function withExtension(name: string, bytes: string): string {
  const extension = extensionFor(bytes);
  return extension ? cleanName(`${name}.${extension}`) : name;
}

/** Browsers often guess types wrongly from names; only a wrong family counts. */
function agrees(claimed: string, kind: FileKind): boolean {
  const type = claimed.toLowerCase().split(";")[0]!.trim();
  if (!/^(?:image|audio|video|text)\/|^application\/pdf$/.test(type)) return true;
  if (kind.bytes.includes("text")) return type !== "application/pdf";
  if (/^(?:audio|video)\//.test(type)) return /^(?:audio|video)\//.test(kind.mediaType);
  return kind.bytes.includes(type) || type === "image/jpg" && kind.mediaType === "image/jpeg" ||
    type.startsWith("image/x-") && kind.mediaType.startsWith("image/");
}

function pixels(
  head: Uint8Array,
  { name, kind }: { name: string; kind: FileKind },
): Pick<Inspected, "width" | "height"> {
  if (!kind.mediaType.startsWith("image/")) return { width: null, height: null };
  let size;
  try {
    // A Buffer's slices are views: a hostile image with thousands of segments copies nothing.
    size = imageSize(Buffer.from(head.buffer, head.byteOffset, head.length));
  } catch {
    // A photo may have more metadata than was read; it is only ever downloaded then.
    return { width: null, height: null };
  }
  const { width, height } = size;
  if (!(width > 0 && height > 0)) throw wrong(`"${name}" is damaged: it has no width or height`);
  if (width * height > MOST_PIXELS) {
    throw new DomainError("too_large", `"${name}" has ${width} × ${height} pixels: at most 50 million`);
  }
  return { width, height };
}

/** No control characters but those of text, or UTF-16 with its mark. */
function isText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  if (head[0] === 0xff && head[1] === 0xfe || head[0] === 0xfe && head[1] === 0xff) return true;
  return head.every((byte) => byte >= 0x20 && byte !== 0x7f || byte >= 0x09 && byte <= 0x0d || byte === 0x1b);
}

function wrong(detail: string): DomainError {
  return new DomainError("unsupported_media_type", detail);
}
