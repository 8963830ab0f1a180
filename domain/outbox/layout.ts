/** What a mail says; text and HTML are made of the same parts. */
export interface Message {
  subject: string;
  heading: string;
  paragraphs: string[];
  /** Somebody's words, shown as theirs. */
  quote?: { by: string; text: string };
  action?: { label: string; url: string };
  /** Further links, as a list. */
  links?: { label: string; url: string }[];
  /** Why the mail came, in small print. */
  footnote: string;
  /** What the mail belongs to: mails of one thread stand together. */
  thread?: string;
}

/** The text part. */
export function renderText(message: Message, sender: string): string {
  const { heading, paragraphs, quote, action, links = [], footnote } = message;
  const parts = [
    heading,
    ...paragraphs,
    ...(quote ? [`${quote.by}:\n${quote.text.split("\n").map((line) => `> ${line}`).join("\n")}`] : []),
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    ...links.map(({ label, url }) => `${label}:\n${url}`),
    `-- \n${sender}\n${footnote}`,
  ];
  return parts.join("\n\n") + "\n";
}

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** The HTML part: one column, no picture, nothing loaded from anywhere. Every value is escaped. */
export function renderHtml(message: Message, sender: string): string {
  const { subject, heading, paragraphs, quote, action, links = [], footnote } = message;
  const body = [
    `<p style="margin:0 0 24px;font-size:13px;font-weight:600;color:#4f46e5">${escape(sender)}</p>`,
    `<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3;color:#111827">${escape(heading)}</h1>`,
    ...paragraphs.map((text) => `<p style="margin:0 0 16px">${lines(text)}</p>`),
    quote ? quoted(quote) : "",
    action ? button(action) : "",
    ...links.map(({ label, url }) => `<p style="margin:0 0 12px">${anchor(label, url)}</p>`),
    `<p style="margin:32px 0 0;padding-top:16px;border-top:1px solid #e5e7eb;font-size:12px;color:#6b7280">` +
    `${lines(footnote)}</p>`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light"><title>${escape(subject)}</title></head>
<body style="margin:0;padding:24px 12px;background:#f3f4f6;${FONT};font-size:15px;line-height:1.55;color:#374151">
<div style="max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px">
${body.filter(Boolean).join("\n")}
</div>
</body></html>
`;
}

function quoted({ by, text }: { by: string; text: string }): string {
  return `<div style="margin:0 0 24px;padding:12px 16px;border-left:3px solid #c7d2fe;background:#f9fafb">` +
    `<p style="margin:0 0 4px;font-size:13px;font-weight:600;color:#111827">${escape(by)}</p>` +
    `<p style="margin:0">${lines(text)}</p></div>`;
}

function button({ label, url }: { label: string; url: string }): string {
  const style = "display:inline-block;padding:12px 20px;border-radius:8px;background:#4f46e5;color:#ffffff;" +
    "font-weight:600;text-decoration:none";
  return `<p style="margin:0 0 8px"><a href="${escape(url)}" style="${style}">${escape(label)}</a></p>` +
    `<p style="margin:0 0 16px;font-size:12px;color:#6b7280;word-break:break-all">${escape(url)}</p>`;
}

function anchor(label: string, url: string): string {
  return `<a href="${escape(url)}" style="color:#4f46e5;font-weight:600">${escape(label)}</a>`;
}

function lines(text: string): string {
  return escape(text).replaceAll("\n", "<br>");
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char]!);
}
