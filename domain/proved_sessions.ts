import type { Claim } from "@/db/door.ts";

/** Most sessions that are remembered; the one that was seen least lately is forgotten first. */
const MOST = 50_000;

const proved = new Set<string>();

/** Remembers that the database found the session of a claim active. */
export function noteProved(claim: Claim): void {
  const key = keyOf(claim);
  if (key === null) return;
  proved.delete(key);
  if (proved.size >= MOST) proved.delete(proved.keys().next().value!);
  proved.add(key);
}

export function noteRefused(claim: Claim): void {
  const key = keyOf(claim);
  if (key !== null) proved.delete(key);
}

/**
 * Whether a claim's session is known to be real: by the signature of a token, or because it was let in before. Until
 * then its id is whatever the client wrote.
 */
export function isProved(claim: Claim): boolean {
  if (claim.kind !== "session") return false;
  return claim.secretHash === null || proved.has(keyOf(claim)!);
}

function keyOf(claim: Claim): string | null {
  if (claim.kind !== "session" || claim.secretHash === null) return null;
  return `${claim.sessionId}:${claim.secretHash}`;
}
