/** Tokens, cookies, headers, and requests from other sites. CHK-17, 20, 21, 22 */
import { type Attack, inLanes, UNKNOWN } from "./attack.ts";
import { openBrowser } from "./browser.ts";
import { OF_ORGANISATION, OF_PERSON } from "./roles.ts";
import { pathOf } from "./things.ts";
import type { Answer } from "./wire.ts";

type Json = Record<string, unknown>;

function encode(value: Json): string {
  return new TextEncoder().encode(JSON.stringify(value)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

function decode(part: string): Json {
  return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(part, { alphabet: "base64url" })));
}

/** Tokens that nobody signed, made of two people's. */
function forgeries(ours: string, theirs: string): Record<string, string> {
  const [header = "", payload = "", signature = ""] = ours.split(".");
  const [, other = ""] = theirs.split(".");
  return {
    "another's claims": `${header}.${other}.${signature}`,
    "no algorithm": `${encode({ ...decode(header), alg: "none" })}.${payload}.`,
    "no algorithm, another's claims": `${encode({ ...decode(header), alg: "none" })}.${other}.`,
    "no signature": `${header}.${payload}.`,
    "cut short": ours.slice(0, -1),
    "later end": `${header}.${encode({ ...decode(payload), exp: 4_000_000_000 })}.${signature}`,
    "key by address": `${
      encode({ ...decode(header), jku: "https://evil.example/keys" })
    }.${payload}.${signature}`,
    "no token": "x.y.z",
  };
}

export async function probeTokens({ report, ours, theirs, nobody }: Attack): Promise<void> {
  const [token, other] = [ours.people.ADMIN.token, theirs.people.ADMIN.token];
  if (token?.split(".").length !== 3 || other?.split(".").length !== 3) {
    report.skipped.push("forged tokens: access tokens aren't signed claims");
    return;
  }
  for (const [what, forged] of Object.entries(forgeries(token, other))) {
    const answer = await nobody.api("GET", "/me", { headers: { authorization: `Bearer ${forged}` } });
    const asked = { method: "GET", path: "/v1/me", role: `a forged token (${what})` };
    report.probe(asked, answer.status === 401 ? null : "401", answer);
  }
}

/** What another site can make a browser send, with the cookie and without proof that it comes from our pages. */
function sites(origin: string): Record<string, Record<string, string>> {
  return {
    "no proof": {},
    "cross-site": { "sec-fetch-site": "cross-site", origin },
    "same-site": { "sec-fetch-site": "same-site" },
    "foreign origin": { origin: "https://evil.example" },
    "opaque origin": { origin: "null" },
    "look-alike origin": { origin: `${origin}.evil.example` },
  };
}

/** Every operation that changes something, with a session cookie, from elsewhere. */
export async function probeOtherSites(attack: Attack): Promise<void> {
  const { report, operations, ours, nobody: { wire } } = attack;
  const browser = await openBrowser(ours.people.ADMIN);
  if (!browser) {
    report.skipped.push("requests from other sites: no session cookie from /sign-in");
    return;
  }
  const { cookie } = browser;
  probeCookies(attack, browser.signedIn, "POST /sign-in");
  const kinds = Object.entries(sites(wire.origin));
  const lent = ours.isNew ? [] : [...OF_ORGANISATION, ...OF_PERSON];
  const unsafe = operations.filter(({ method, path, name }) =>
    method !== "get" && !path.startsWith("/webhooks/") && !lent.includes(name)
  );
  await inLanes([...unsafe.entries()], async ([i, operation]) => {
    const [what, proof] = kinds[i % kinds.length]!;
    const path = `/v1${pathOf(operation, { id: UNKNOWN, userId: UNKNOWN })}`;
    const method = operation.method.toUpperCase();
    const answer = await wire.send(method, path, "another site", {
      headers: { cookie, ...proof, "content-type": "text/plain" },
      body: "{}",
    });
    const asked = { method, path: `/v1${operation.path}`, role: `another site (${what})` };
    report.probe(asked, answer.status === 403 ? null : "403", answer);
  });
  await browser.signOut();
}

/** Cookies of a sign-in; over https no neighbour of the host may set them. */
export function probeCookies({ report, nobody: { wire } }: Attack, answer: Answer, from: string): void {
  const isSecure = wire.origin.startsWith("https:");
  for (const cookie of answer.headers.getSetCookie()) {
    const [name = ""] = cookie.split("=");
    const needed = ["HttpOnly", "SameSite=(Lax|Strict)", "Path=/", ...(isSecure ? ["Secure"] : [])];
    const lacking = needed.filter((part) => !new RegExp(`; *${part}(;|$)`, "i").test(cookie));
    if (isSecure && !name.startsWith("__Host-")) lacking.push("__Host-");
    const [method = "", path = ""] = from.split(" ");
    const asked = { method, path: `${path} (cookie ${name})`, role: "anyone" };
    report.probe(asked, lacking.length > 0 ? lacking.join(", ") : null, { ...answer, text: "" });
  }
}

/** Security headers of pages, /v1 and errors. */
export async function probeHeaders({ report, nobody: { wire } }: Attack): Promise<void> {
  for (const path of ["/", "/sign-in", "/nowhere", "/healthz", "/v1/me", "/v1/nowhere"]) {
    const answer = await wire.send("GET", path, "nobody");
    const { headers } = answer;
    const policy = headers.get("content-security-policy") ?? "";
    const right: Record<string, boolean> = {
      "a Content-Security-Policy that allows nothing by default": /(^|; *)default-src 'none'(;|$)/.test(
        policy,
      ),
      "no unsafe-inline": !/unsafe-(inline|eval)/.test(policy),
      "frame-ancestors 'none'": policy.includes("frame-ancestors 'none'"),
      "X-Content-Type-Options: nosniff": headers.get("x-content-type-options") === "nosniff",
      "Cross-Origin-Opener-Policy: same-origin": headers.get("cross-origin-opener-policy") === "same-origin",
    };
    if (path.startsWith("/v1/")) {
      right["Cache-Control: no-store"] = headers.get("cache-control") === "no-store";
    }
    if (wire.origin.startsWith("https:")) {
      right["Strict-Transport-Security"] = headers.has("strict-transport-security");
    }
    const lacking = Object.entries(right).filter(([, is]) => !is).map(([what]) => what);
    const asked = { method: "GET", path, role: "nobody" };
    report.probe(asked, lacking.length > 0 ? lacking.join(", ") : null, { ...answer, text: "" });
  }
}
