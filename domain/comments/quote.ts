export function quoteText(text: string): string {
  const lines = text.trimEnd().split("\n").map((line) => line === "" ? ">" : `> ${line}`);
  return `${lines.join("\n")}\n\n`;
}
