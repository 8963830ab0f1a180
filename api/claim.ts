import type { Claim } from "@/domain/cx.ts";
import { accessClaim } from "@/domain/auth/access_tokens.ts";
import { sessionCookieName } from "@/domain/auth/cookies.ts";
import { sessionClaim } from "@/domain/auth/sessions.ts";
import { DomainError } from "@/domain/errors.ts";
import { isSafe, isSameOrigin } from "@/edge/client.ts";
import { cookiesOf } from "@/edge/cookies.ts";
import type { Incoming } from "@/edge/incoming.ts";

/**
 * The claim of a bearer token or session cookie. A cookie needs proof that the request comes from our own pages where the
 * method is unsafe, or where `needsProof`.
 */
export function claimOf(request: Request, incoming: Incoming, needsProof: boolean): Claim | null {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(authorization.trim())?.[1];
    const claim = token ? accessClaim(token, incoming.services.secrets) : null;
    if (!claim) throw new DomainError("unauthenticated", "The access token is invalid or has expired");
    return claim;
  }
  const cookie = cookiesOf(request)[sessionCookieName(incoming.services.config)];
  if (cookie === undefined) return null;
  if ((needsProof || !isSafe(request.method)) && !isSameOrigin(request, incoming.services.config)) {
    throw new DomainError("cross_origin");
  }
  return sessionClaim(cookie);
}
