export type Dmarc = "pass" | "fail" | "none";

const LONGEST = 16 * 1024;

/**
 * What the receiving server says about the address in From, by the values of Authentication-Results, topmost first
 * (RFC 8601). Only headers of `servers` count for the sender: anyone can write others. Without one of theirs, a
 * failure in any header counts against the sender.
 */
export function dmarcResult(headers: readonly string[], servers: readonly string[]): Dmarc {
  const read = headers.map(readResults);
  const ours = read.filter(({ server }) => servers.includes(server));
  const against = ours.length > 0 ? ours : read;
  if (against.some(({ dmarc }) => dmarc === "fail")) return "fail";
  // The server that received it writes above everything that came with it.
  return ours[0]?.dmarc ?? "none";
}

function readResults(header: string): { server: string; dmarc: Dmarc } {
  const [server = "", ...results] = withoutQuotes(header.slice(0, LONGEST)).split(";");
  const values = results.map((result) => /^\s*dmarc\s*=\s*([a-z]+)/i.exec(result)?.[1]?.toLowerCase());
  const dmarc = values.includes("fail") ? "fail" : values.includes("pass") ? "pass" : "none";
  return { server: server.trim().split(/\s/)[0]!.toLowerCase(), dmarc };
}

/** Without comments and quoted strings, in which senders choose the words. */
function withoutQuotes(text: string): string {
  let plain = "";
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === "\\" && (quoted || depth > 0)) i++;
    else if (quoted) quoted = char !== '"';
    else if (char === "(") depth++;
    else if (char === ")") depth = Math.max(0, depth - 1);
    else if (depth > 0) continue;
    else if (char === '"') quoted = true;
    else plain += char;
  }
  return plain;
}
