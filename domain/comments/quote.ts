/** A text as the beginning of a reply to it: each line quoted, as Markdown does it, and room to answer. */
export function quoteText(text: string): string {
  const lines = text.trimEnd().split("\n").map((line) => line === "" ? ">" : `> ${line}`);
  return `${lines.join("\n")}\n\n`;
}
