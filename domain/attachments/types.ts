import type { Person } from "@/domain/shared/types.ts";

/** A file of a ticket, or one that waits for its ticket. */
export interface Attachment {
  id: string;
  /** Null until it is used. */
  ticketId: string | null;
  /** The comment that it came with; null for one of the ticket itself. */
  commentId: string | null;
  visibility: "public" | "internal";
  name: string;
  mediaType: string;
  /** In bytes. */
  size: number;
  /** SHA-256 of the content, in hex. */
  sha256: string;
  /** In pixels; null for what is no image. */
  width: number | null;
  height: number | null;
  uploader: Person;
  createdAt: string;
}

/** Files of one request at most. */
export const MOST_FILES = 10;

const PREVIEWED = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Whether a browser may show it in a page: an image of a kind without scripts in it, of known size. */
export function isPreviewable(file: Pick<Attachment, "mediaType" | "width">): boolean {
  return file.width !== null && PREVIEWED.has(file.mediaType);
}

const UNITS = ["B", "KiB", "MiB", "GiB"];

/** A size as people read it: `1.4 MiB`. */
export function sizeLabel(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 && unit > 0 ? Math.round(value * 10) / 10 : Math.round(value)} ${UNITS[unit]}`;
}
