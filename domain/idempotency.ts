import { createHash } from "node:crypto";
import { sql } from "@/db/sql.ts";
import type { Role, UserCx } from "./cx.ts";
import { DomainError } from "./errors.ts";
import { inOrder } from "./shared/in_order.ts";

export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * Once per key within 24 hours (IETF Idempotency-Key draft). The key is saved in the same transaction; a parallel
 * repeat waits for it. @throws DomainError key_reused when it came with another body, bad_request
 */
export async function once(
  cx: UserCx,
  request: { key: string; route: string; body: Uint8Array },
  { work, again }: {
    work: () => Promise<KeptAnswer>;
    /** Asks the policy again about what is kept; `role` is the actor's of that time. */
    again: (answer: { kept: KeptAnswer; role: Role | null }) => Promise<KeptAnswer>;
  },
): Promise<KeptAnswer> {
  const { key } = request;
  // Paths may be too long for an index.
  const route = createHash("sha256").update(request.route).digest("base64url");
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new DomainError("bad_request", "An Idempotency-Key has 1 to 200 visible ASCII characters");
  }
  const hash = createHash("sha256").update(request.body).digest();
  const mine =
    sql`tenant_id = ${cx.tenant.id} and user_id = ${cx.actor.id} and route = ${route} and key = ${key}`;
  const [, taken] = await inOrder(cx.db, [
    () =>
      cx.db.run(sql`delete from idempotency_keys where ${mine} and created_at < now() - interval '24 hours'`),
    () =>
      cx.db.run(sql`insert into idempotency_keys (tenant_id, user_id, route, key, body_hash)
      values (${cx.tenant.id}, ${cx.actor.id}, ${route}, ${key}, ${hash}) on conflict do nothing`),
  ]);
  if (taken === 1) {
    const answer = await work();
    await cx.db.run(sql`update idempotency_keys set status = ${answer.status},
      headers = ${
      JSON.stringify(answer.headers)
    }, body = ${answer.body}, role = ${cx.actor.role} where ${mine}`);
    return answer;
  }
  const kept = await cx.db.first<KeptAnswer & { same: boolean; role: Role | null }>(
    sql`select status, headers, body, role, body_hash = ${hash} as same from idempotency_keys where ${mine}`,
  );
  if (!kept) {
    throw new DomainError("unavailable", "The first request with this key is not done", { retryAfter: 1 });
  }
  if (!kept.same) throw new DomainError("key_reused");
  const { status, headers, body, role } = kept;
  return await again({ kept: { status, headers, body }, role });
}
