import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { ACCESS_SECONDS, issueAccessToken } from "./access_tokens.ts";
import { type Profile, PROFILE_COLUMNS } from "@/domain/profile/profile.ts";
import type { SignedIn } from "./sessions.ts";
import { deriveToken, readToken, type TokenRow } from "@/domain/shared/tokens.ts";

export type Refreshed = Pick<
  SignedIn,
  "tenant" | "user" | "expiresAt" | "refreshToken" | "accessToken" | "expiresIn"
>;

/**
 * Rotates the token (RFC 9700, 4.14). One reused within 10 s, as from two tabs, gets the same successor; later reuse
 * means theft, and the session ends. @throws DomainError unauthenticated
 */
export async function refreshSession(request: RequestInfo, token: string | undefined): Promise<Refreshed> {
  const named = token ? readToken(request.services.secrets, "refresh", token) : null;
  if (!named) throw new DomainError("unauthenticated");
  const refreshed = await act(request, { kind: "system", tenantId: named.tenantId }, async (cx) => {
    const row = await findToken(cx, named);
    if (!row) return null;
    const { sessionId, expiresAt, successorId, late, ...user } = row;
    if (late) {
      await endStolen(cx, sessionId, user.id);
      return null;
    }
    const successor = { tenantId: named.tenantId, id: successorId ?? await rotate(cx, named, sessionId) };
    const { secrets } = cx.services;
    return {
      tenant: { id: cx.tenant.id, slug: cx.tenant.slug, name: cx.tenant.name },
      user,
      expiresAt,
      refreshToken: deriveToken(secrets, "refresh", successor),
      accessToken: issueAccessToken(secrets, { tenantId: cx.tenant.id, sessionId, userId: user.id }),
      expiresIn: ACCESS_SECONDS,
    };
  });
  // Thrown after the commit, so that a stolen session stays ended.
  if (!refreshed) throw new DomainError("unauthenticated");
  return refreshed;
}

interface Found extends Profile, Record<string, unknown> {
  sessionId: string;
  expiresAt: string;
  successorId: string | null;
  late: boolean;
}

/** Locked: of simultaneous requests the first creates the successor, the others get it. */
async function findToken(cx: Cx, { tenantId, id }: TokenRow): Promise<Found | undefined> {
  return await cx.db.first<Found>(sql`
    select ${PROFILE_COLUMNS}, s.id as "sessionId", s.expires_at as "expiresAt", r.successor_id as "successorId",
      coalesce(r.rotated_at < now() - interval '10 seconds', false) as late
    from refresh_tokens r
    join sessions s on s.tenant_id = r.tenant_id and s.id = r.session_id
    join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
    where r.tenant_id = ${tenantId} and r.id = ${id} and s.ended_at is null and s.expires_at > now()
      and u.deactivated_at is null
    for update of r`);
}

async function rotate(cx: Cx, { tenantId, id }: TokenRow, sessionId: string): Promise<string> {
  const row = await cx.db.first<{ id: string }>(sql`
    with successor as (
      insert into refresh_tokens (tenant_id, session_id) values (${tenantId}, ${sessionId}) returning id
    )
    update refresh_tokens set rotated_at = now(), successor_id = successor.id from successor
    where tenant_id = ${tenantId} and refresh_tokens.id = ${id} returning successor.id`);
  return row!.id;
}

async function endStolen(cx: Cx, sessionId: string, userId: string): Promise<void> {
  await cx.db.run(
    sql`update sessions set ended_at = now() where tenant_id = ${cx.tenant.id} and id = ${sessionId}`,
  );
  await record(cx, {
    action: "session.ended",
    entity: "session",
    entityId: sessionId,
    actorId: userId,
    changes: { reason: "refresh_token_reused" },
  });
}
