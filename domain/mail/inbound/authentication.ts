export type Dmarc = "pass" | "fail" | "none";

/** What is known of the address in From. `vouched`: the receiving server says that its domain has sent or signed the email. */
export interface Authentication {
  dmarc: Dmarc;
  vouched: boolean;
}

/**
 * What the receiving server says about the address in From, by the values of Authentication-Results, topmost first
 * (RFC 8601). Only headers of `servers` count for the sender: anyone can write others. Without one of theirs, a
 * failure in any header counts against the sender. Where the domain has no DMARC policy, its own signature vouches.
 */
export function authenticate(
  headers: readonly string[],
  servers: readonly string[],
  domain: string | undefined,
): Authentication {
  const read = headers.map(readResults);
  const ours = read.filter(({ server }) => servers.includes(server));
  const against = ours.length > 0 ? ours : read;
  if (against.some(({ dmarc }) => dmarc === "fail")) return { dmarc: "fail", vouched: false };
  // The server that received it writes above everything that came with it.
  const [top] = ours;
  if (!top) return { dmarc: "none", vouched: false };
  const { dmarc, signers } = top;
  return { dmarc, vouched: dmarc === "pass" || domain !== undefined && signers.includes(domain) };
}

interface Results {
  server: string;
  dmarc: Dmarc;
  /** Domains whose signatures are right. */
  signers: string[];
}

function readResults(header: string): Results {
  const plain = withoutQuotes(header);
  // A sender's word that opens a comment or a quotation hides what follows: that is nothing in their favour.
  if (plain === null) {
    const dmarc = /\bdmarc\s*=\s*fail\b/i.test(header) ? "fail" : "none";
    return { server: serverOf(header), dmarc, signers: [] };
  }
  const results = plain.split(";").slice(1).map((result) =>
    /^\s*(dmarc|dkim)\s*(?:\/\s*\d+\s*)?=\s*([a-z]+)(.*)$/is.exec(result)?.slice(1) ?? []
  );
  const values = results.filter(([method]) => method?.toLowerCase() === "dmarc")
    .map(([, value]) => value!.toLowerCase());
  const passed = values.length > 0 && values.every((value) => value === "pass");
  const signers = results.filter(([method, value]) => /^dkim$/i.test(method ?? "") && /^pass$/i.test(value!))
    .flatMap(([, , rest]) => Array.from(rest!.matchAll(SIGNER), ([, domain]) => domain!.toLowerCase()));
  return {
    server: serverOf(plain),
    dmarc: values.includes("fail") ? "fail" : passed ? "pass" : "none",
    signers: values.length > 0 && !values.every((value) => value === "none") ? [] : signers,
  };
}

const SIGNER = /\sheader\.(?:d\s*=\s*|i\s*=\s*[^\s@]*@)([a-z0-9.-]+)(?=\s|$)/gi;

function serverOf(header: string): string {
  return header.split(";", 1)[0]!.trim().split(/[\s(]/)[0]!.toLowerCase();
}

/** Without comments and quoted strings, in which senders choose the words. Null where one doesn't end. */
function withoutQuotes(text: string): string | null {
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
  return quoted || depth > 0 ? null : plain;
}
