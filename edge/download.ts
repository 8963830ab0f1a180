import { type Attachment, isPreviewable } from "@/domain/attachments/types.ts";
import { DomainError } from "@/domain/errors.ts";
import type { Download } from "@/domain/shared/text_stream.ts";
import type { Services } from "@/ports.ts";

/** Inline only for images; the edge sandboxes it. @throws DomainError not_found when the store lacks it, unavailable */
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
    // Cached privately, and revalidated each time because access may have been revoked.
    "cache-control": "private, no-cache",
    etag,
  });
  const known = request.headers.get("if-none-match")?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.some((tag) => tag === etag || tag === "*")) return new Response(null, { status: 304, headers });
  headers.set("content-length", String(attachment.size));
  if (request.method === "HEAD") return new Response(null, { headers });
  const found = await blobs.open(storageKey);
  if (!found) throw new DomainError("not_found", "The content of this file is missing");
  return new Response(found.body, { headers });
}

/** HEAD makes none of it. */
export async function sendDownload(
  request: Request,
  { contentType, fileName, body }: Download,
): Promise<Response> {
  const headers = {
    "content-type": contentType,
    "content-disposition": contentDisposition("attachment", fileName),
    "cache-control": "no-store",
  };
  return new Response(request.method === "HEAD" ? null : await body(), { headers });
}

/** Content-Disposition with the full name (RFC 6266, RFC 8187), and an ASCII one for old clients. */
export function contentDisposition(kind: "attachment" | "inline", name: string): string {
  const ascii = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
