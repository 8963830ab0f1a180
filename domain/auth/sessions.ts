import { createHash } from "node:crypto";
import { isUuid } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { Claim, Cx, UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { record } from "@/domain/record.ts";
import { ACCESS_SECONDS, issueAccessToken } from "./access_tokens.ts";
import type { Profile } from "@/domain/profile/profile.ts";
import type { TenantName } from "@/domain/organisations/tenants.ts";
import { deriveToken } from "@/domain/shared/tokens.ts";
import { deviceToken } from "./throttle.ts";

/** A new session with its secrets: pages set cookies, the API returns a token. */
export interface SignedIn {
  tenant: TenantName;
  user: Profile;
  sessionId: string;
  /** RFC 3339. */
  expiresAt: string;
  sessionToken: string;
  refreshToken: string;
  /** Bearer token for /v1, and its lifetime in seconds. */
  accessToken: string;
  expiresIn: number;
  deviceToken: string;
}

/** The key for counting failures and known devices. */
export function accountKey(tenant: string, email: string): string {
  return `${tenant}:${email.toLowerCase()}`;
}

/** Starts a session of 30 days with its first refresh token. Callers record why. */
export async function startSession(cx: Cx, who: { user: Profile; tenant: TenantName }): Promise<SignedIn> {
  const { user, tenant } = who;
  const secret = crypto.getRandomValues(new Uint8Array(32)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
  const row = await cx.db.first<{ id: string; refreshId: string; expiresAt: string }>(sql`
    with session as (
      insert into sessions (tenant_id, user_id, secret_hash, user_agent, ip, expires_at)
      values (${tenant.id}, ${user.id}, ${sha256(secret)}, ${cx.userAgent.slice(0, 300)}, ${cx.ip},
        now() + interval '30 days')
      returning id, expires_at
    ), refresh as (
      insert into refresh_tokens (tenant_id, session_id) select ${tenant.id}, id from session returning id
    )
    select session.id, refresh.id as "refreshId", session.expires_at as "expiresAt" from session, refresh`);
  const { id, refreshId, expiresAt } = row!;
  const { secrets } = cx.services;
  return {
    tenant,
    user,
    sessionId: id,
    expiresAt,
    sessionToken: `${tenant.id}.${id}.${secret}`,
    refreshToken: deriveToken(secrets, "refresh", { tenantId: tenant.id, id: refreshId }),
    accessToken: issueAccessToken(secrets, { tenantId: tenant.id, sessionId: id, userId: user.id }),
    expiresIn: ACCESS_SECONDS,
    deviceToken: deviceToken(cx, accountKey(tenant.id, user.email)),
  };
}

/** The claim of a session cookie by its form alone, or null. */
export function sessionClaim(cookieValue: string): Claim | null {
  const [tenantId, sessionId, secret, more] = cookieValue.split(".");
  if (!tenantId || !sessionId || !secret || more !== undefined) return null;
  if (!isUuid(tenantId) || !isUuid(sessionId) || !/^[\w-]{43}$/.test(secret)) return null;
  return { kind: "session", tenantId, sessionId, secretHash: sha256(secret).toString("hex") };
}

function sha256(text: string) {
  return createHash("sha256").update(text).digest();
}

export interface SessionView {
  id: string;
  current: boolean;
  userAgent: string;
  ip: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
}

/** The actor's active sessions, the last used first. */
export async function listSessions(cx: UserCx): Promise<SessionView[]> {
  return await cx.db.rows<SessionView & Record<string, unknown>>(sql`
    select id, id = ${cx.sessionId} as current, user_agent as "userAgent", ip, created_at as "createdAt",
      last_seen_at as "lastSeenAt", expires_at as "expiresAt"
    from sessions
    where tenant_id = ${cx.tenant.id} and user_id = ${cx.actor.id} and ended_at is null and expires_at > now()
    order by last_seen_at desc, id desc limit 100`);
}

/** Also the current one. @throws DomainError not_found when it isn't an active one of theirs */
export async function endSession(cx: UserCx, sessionId: string): Promise<void> {
  const ended = await cx.db.run(sql`update sessions set ended_at = now()
    where tenant_id = ${cx.tenant.id} and user_id = ${cx.actor.id} and id = ${sessionId} and ended_at is null`);
  if (ended === 0) throw new DomainError("not_found");
  await record(cx, { action: "session.ended", entity: "session", entityId: sessionId });
}

/** Ends the actor's other sessions. @returns how many */
export async function signOutElsewhere(cx: UserCx): Promise<number> {
  // Users are locked before their sessions everywhere, to avoid deadlocks.
  await cx.db.run(sql`select id from users
    where tenant_id = ${cx.tenant.id} and id = ${cx.actor.id} for no key update`);
  const ended = await endSessionsOf(cx, cx.actor.id, cx.sessionId);
  await record(cx, {
    action: "user.signed_out_elsewhere",
    entity: "user",
    entityId: cx.actor.id,
    changes: { sessions: ended },
  });
  return ended;
}

/** Ends a user's sessions except `spared`. Callers record why. @returns how many */
export async function endSessionsOf(cx: Cx, userId: string, spared: string | null = null): Promise<number> {
  return await cx.db.run(sql`update sessions set ended_at = now()
    where tenant_id = ${cx.tenant.id} and user_id = ${userId} and ended_at is null
      and id is distinct from ${spared}::uuid`);
}
