import { sql } from "@/db/sql.ts";
import { act, type Claim, type RequestInfo } from "@/domain/cx.ts";
import { record } from "@/domain/record.ts";
import { readToken } from "@/domain/shared/tokens.ts";

/** Ends the session of a claim or refresh token. Idempotent. */
export async function signOut(
  request: RequestInfo,
  named: { claim?: Claim | null; refreshToken?: string | undefined },
): Promise<void> {
  const { claim } = named;
  if (claim?.kind === "session") {
    const secret = claim.secretHash === null ? null : Uint8Array.fromHex(claim.secretHash);
    await act(request, { kind: "system", tenantId: claim.tenantId }, async (cx) => {
      await recordEnd(
        cx,
        await cx.db.first<Ended>(sql`
        update sessions set ended_at = now()
        where tenant_id = ${claim.tenantId} and id = ${claim.sessionId} and ended_at is null
          and (${secret}::bytea is null or secret_hash = ${secret}) returning id, user_id as "userId"`),
      );
    });
  }
  const token = named.refreshToken && readToken(request.services.secrets, "refresh", named.refreshToken);
  if (token) {
    await act(request, { kind: "system", tenantId: token.tenantId }, async (cx) => {
      await recordEnd(
        cx,
        await cx.db.first<Ended>(sql`
        update sessions s set ended_at = now() from refresh_tokens r
        where r.tenant_id = ${token.tenantId} and r.id = ${token.id} and s.tenant_id = r.tenant_id
          and s.id = r.session_id and s.ended_at is null returning s.id, s.user_id as "userId"`),
      );
    });
  }
}

interface Ended extends Record<string, unknown> {
  id: string;
  userId: string;
}

async function recordEnd(cx: Parameters<typeof record>[0], ended: Ended | undefined): Promise<void> {
  if (!ended) return;
  await record(cx, { action: "session.ended", entity: "session", entityId: ended.id, actorId: ended.userId });
}
