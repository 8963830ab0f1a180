import type { Person } from "@/domain/shared/types.ts";

export interface Attachment {
  id: string;
  /** Null until it is used. */
  ticketId: string | null;
  /** Null for a file of the ticket itself. */
  commentId: string | null;
  visibility: "public" | "internal";
  name: string;
  mediaType: string;
  /** In bytes. */
  size: number;
  /** In hex. */
  sha256: string;
  /** In pixels; null unless it is an image. */
  width: number | null;
  height: number | null;
  uploader: Person;
  createdAt: string;
}

export const MOST_FILES = 10;

const PREVIEWED = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Whether a browser may show it in a page: an image of known size and of a kind without scripts. */
export function isPreviewable(file: Pick<Attachment, "mediaType" | "width">): boolean {
  return file.width !== null && PREVIEWED.has(file.mediaType);
}

const UNITS = ["B", "KiB", "MiB", "GiB"];

/** `1.4 MiB` */
export function sizeLabel(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 && unit > 0 ? Math.round(value * 10) / 10 : Math.round(value)} ${UNITS[unit]}`;
}
