import { type MailContent, type MailFrame, REPLY_LINE } from "./mail_content.ts";

export function renderText(
  message: MailContent,
  { sender, acceptsReply: takesReply, unsubscribe: stop }: MailFrame,
): string {
  const { heading, paragraphs, details = [], table, quote, action, links = [], footnote } = message;
  const parts = [
    ...(takesReply ? [`--- ${REPLY_LINE} ---`] : []),
    heading,
    ...paragraphs,
    ...(details.length > 0 ? [details.map(({ label, value }) => `${label}: ${value}`).join("\n")] : []),
    ...(table ? [[["", ...table.columns], ...table.rows].map(tableLine).join("\n")] : []),
    ...(quote ? [`${quote.by}:\n${quote.text.split("\n").map((line) => `> ${line}`).join("\n")}`] : []),
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    ...links.map(({ label, url }) => `${label}:\n${url}`),
    `-- \n${sender}\n${footnote}`,
    ...(stop
      ? [`Email preferences:\n${stop.settingsUrl}`, `Unsubscribe from these emails:\n${stop.url}`]
      : []),
  ];
  return parts.join("\n\n") + "\n";
}

function tableLine(cells: readonly string[]): string {
  return cells.filter((cell) => cell !== "").join(" · ");
}
