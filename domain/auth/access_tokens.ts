import { z } from "zod";
import type { Claim } from "@/domain/cx.ts";
import type { Secrets } from "@/ports.ts";
import { tryParse } from "@/domain/validation.ts";
import { isSame } from "@/domain/shared/tokens.ts";

export const ACCESS_SECONDS = 600;

const ISSUER = "servicehub";
const AUDIENCE = "servicehub:v1";
/** RFC 9068. Only this exact header is accepted, so tokens can't choose their algorithm or key. */
const HEADER = encode({ alg: "HS256", typ: "at+jwt" });

const Claims = z.strictObject({
  iss: z.literal(ISSUER),
  aud: z.literal(AUDIENCE),
  sub: z.uuid(),
  tid: z.uuid(),
  sid: z.uuid(),
  iat: z.int(),
  nbf: z.int(),
  exp: z.int(),
});

export interface AccessSubject {
  tenantId: string;
  sessionId: string;
  userId: string;
}

/** A JWT (HS256); the role is read from the database on every request. `now` is in seconds since 1970. */
export function issueAccessToken(secrets: Secrets, subject: AccessSubject, now = seconds()): string {
  const payload = encode({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: subject.userId,
    tid: subject.tenantId,
    sid: subject.sessionId,
    iat: now,
    nbf: now,
    exp: now + ACCESS_SECONDS,
  });
  return `${HEADER}.${payload}.${secrets.sign("access", `${HEADER}.${payload}`)}`;
}

/** Null for an invalid one. Whether the session is active is checked when the transaction opens. */
export function accessClaim(token: string, secrets: Secrets, now = seconds()): Claim | null {
  let known = verified.get(secrets);
  if (!known) verified.set(secrets, known = new Map());
  let claims = known.get(token);
  if (!claims) {
    claims = verify(token, secrets);
    if (!claims) return null;
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(token, claims);
  }
  if (claims.nbf > now || claims.exp <= now) return null;
  return { kind: "session", tenantId: claims.tid, sessionId: claims.sid, secretHash: null };
}

/** Verified tokens: clients send the same one for ten minutes. */
const verified = new WeakMap<Secrets, Map<string, z.output<typeof Claims>>>();
const MOST_KNOWN = 10_000;

/** Checks form and signature, not the time. */
function verify(token: string, secrets: Secrets): z.output<typeof Claims> | undefined {
  const [header, payload, mac, more] = token.split(".");
  if (header !== HEADER || !payload || !mac || more !== undefined) return undefined;
  if (!isSame(mac, secrets.sign("access", `${header}.${payload}`))) return undefined;
  const claims = tryParse(Claims, decode(payload));
  return claims && claims.exp - claims.iat <= ACCESS_SECONDS ? claims : undefined;
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function encode(value: unknown): string {
  return new TextEncoder().encode(JSON.stringify(value)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

function decode(text: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(text, { alphabet: "base64url" })));
  } catch {
    return undefined;
  }
}
