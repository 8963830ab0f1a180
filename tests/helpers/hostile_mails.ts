/** Emails of up to some MB that are made to cost much. */

const encoder = new TextEncoder();
const head = (more: string) =>
  `From: Rita <rita@harbour-works.example>\r\nTo: harbour-works@in.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n${more}`;
const html = (body: string) => head(`Content-Type: text/html; charset=utf-8\r\n\r\n${body}\r\n`);
const mixed = (parts: string[]) =>
  head('Content-Type: multipart/mixed; boundary="limit"\r\n\r\n') +
  parts.map((part) => `--limit\r\n${part}\r\n`).join("") + "--limit--\r\n";

/** By what they are made of. */
export function hostileMails(): Record<string, Uint8Array> {
  const marks = "\u0301\u0327".repeat(45_000);
  const named = (name: string) =>
    `Content-Type: text/plain\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\nx`;
  const quarter = 256 * 1024;
  const fill = (piece: string, size = quarter) => piece.repeat(Math.ceil(size / piece.length));
  const mails: Record<string, string> = {
    "names of 90,000 marks": mixed(Array.from({ length: 4 }, (_, i) => named(`a${marks}${i}.txt`))),
    "encoded names of marks": mixed(
      Array.from(
        { length: 4 },
        () =>
          `Content-Type: text/plain\r\nContent-Disposition: attachment; filename*=utf-8''${
            fill(encodeURIComponent("\u0301\u0327"), 200_000)
          }\r\n\r\nx`,
      ),
    ),
    "nested tables": html(fill("<table><tr><td>")),
    "nested divs": html(fill("<div>")),
    "nested divs with text and ends": html(fill("<div>a", quarter / 2) + fill("</div>", quarter / 2)),
    "nested lists and quotes": html(fill("<ul><li><blockquote>x")),
    "unclosed paragraphs": html(fill("<p>a<b>b<i>c")),
    "attributes": html(`<a ${fill("x=1 ")}>`),
    "100 parts with large headers": mixed(
      Array.from(
        { length: 100 },
        (_, i) => `Content-Type: text/plain\r\nX-Long: ${"y".repeat(quarter - 4096)}${i}\r\n\r\nx`,
      ),
    ),
    "large headers": head(`X-Long: ${"y".repeat(2 * quarter)}\r\n\r\nx`),
    "many headers": head(fill("X: y\r\n", 200_000)) + "\r\nx",
    "many addresses": `${head("")}Cc: ${fill("a@b.example, ", 200_000)}\r\n\r\nx`,
    "many references": `${head("")}References: ${fill("<a@b>\r\n ", 200_000)}\r\n\r\nx`,
    "text of marks": head(`Content-Type: text/plain; charset=utf-8\r\n\r\na${fill("\u0301\u0327", 480_000)}`),
    "HTML of marks": html(`a${fill("\u0301\u0327", 480_000)}`),
    "encoded words": `${head("")}X-Word: ${fill("=?utf-8?B?zIHMpw==?= ", 200_000)}\r\n\r\nx`,
    "quotes": head(`Content-Type: text/plain\r\n\r\n${fill("> x\r\n", 900_000)}`),
  };
  return Object.fromEntries(Object.entries(mails).map(([name, text]) => [name, encoder.encode(text)]));
}
