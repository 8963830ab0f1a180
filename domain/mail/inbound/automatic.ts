import type { ParsedMail } from "mailparser";

/** Such emails lead to nothing, or two machines could answer each other forever (RFC 3834). Null for a person's. */
export function automaticReason({ headerLines, from, headers }: ParsedMail): string | null {
  const values = (name: string) =>
    headerLines.filter(({ key }) => key === name).map(({ line }) =>
      line.slice(name.length + 1).trim().toLowerCase()
    );
  const has = (name: string) => values(name).some((value) => value !== "");
  if (values("auto-submitted").some((value) => !/^no\b/.test(value))) {
    return "Marked as sent automatically";
  }
  if (values("precedence").some((value) => /^(bulk|list|junk|auto_reply)\b/.test(value))) {
    return "Bulk email";
  }
  if (has("x-loop")) return "Mail loop";
  if (has("list-id") || has("list-unsubscribe")) return "From a mailing list";
  if (["x-autoreply", "x-autorespond", "x-auto-reply-from", "x-mail-autoreply"].some(has)) {
    return "Automatic reply";
  }
  if (values("return-path").includes("<>")) return "Bounce from a mail server";
  const type = headers.get("content-type") as { value?: unknown } | undefined;
  if (type?.value === "multipart/report") return "Report from a mail server";
  const local = from?.value[0]?.address?.toLowerCase().split("@")[0] ?? "";
  if (/^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)$/.test(local)) {
    return "From a no-reply address";
  }
  return null;
}
