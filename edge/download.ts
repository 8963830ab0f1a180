import { type Attachment, isPreviewable } from "@/domain/attachments/types.ts";
import { DomainError } from "@/domain/errors.ts";
import type { Services } from "@/ports.ts";

/**
 * Sends an attachment's content: as a download, or in the page where that is asked for and it is an image. The edge
 * sees what has a Content-Disposition as a file, and puts it in a sandbox.
 *
 * @throws DomainError not_found when the store has no such file, unavailable when it doesn't answer
 */
export async function sendAttachment(
  request: Request,
  { blobs }: Pick<Services, "blobs">,
  { attachment, storageKey }: { attachment: Attachment; storageKey: string },
): Promise<Response> {
  const inline = new URL(request.url).searchParams.has("preview") && isPreviewable(attachment);
  const etag = `"${attachment.sha256}"`;
  const headers = new Headers({
    "content-disposition": contentDisposition(inline ? "inline" : "attachment", attachment.name),
    "content-type": attachment.mediaType,
    // Kept by one person's browser, which asks each time whether they may still see it.
    "cache-control": "private, no-cache",
    etag,
  });
  const known = request.headers.get("if-none-match")?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.some((tag) => tag === etag || tag === "*")) return new Response(null, { status: 304, headers });
  headers.set("content-length", String(attachment.size));
  if (request.method === "HEAD") return new Response(null, { headers });
  const found = await blobs.open(storageKey);
  if (!found) throw new DomainError("not_found", "The content of this file is gone");
  return new Response(found.body, { headers });
}

/** Content-Disposition with a name of any script (RFC 6266, RFC 8187), and one in ASCII for old clients. */
export function contentDisposition(kind: "attachment" | "inline", name: string): string {
  const ascii = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
