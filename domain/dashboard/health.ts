import { join, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { MESSAGE_KINDS } from "@/domain/messages/messages.ts";
import { IN_STATE } from "@/domain/messages/states.ts";
import { countBehind } from "@/domain/reports/facts/catch_up.ts";
import type { Health } from "./model.ts";

const MOST = 1000;
const capped = (count: number) => ({ count: Math.min(count, MOST), capped: count > MOST });

/** How mail, jobs, webhooks and the facts of reports are, in the organisation. */
export async function readHealth(cx: UserCx): Promise<Health> {
  const [dead, oldest, webhooks, facts] = await Promise.all([
    countDead(cx),
    readOldestDue(cx),
    cx.db.first<Health["webhooks"] & Record<string, unknown>>(sql`select count(*) as endpoints,
        count(*) filter (where failing_since is not null and disabled_at is null) as failing,
        count(*) filter (where disabled_because in ('gone', 'failing')) as disabled
      from webhook_endpoints where tenant_id = ${cx.tenant.id} and deleted_at is null`),
    readFacts(cx),
  ]);
  const letters = (kind: string) => ({
    ...capped(dead.get(kind) ?? 0),
    list: `/admin/outbox?${new URLSearchParams({ state: "failed", kind })}`,
  });
  return {
    delivers: cx.services.mail.delivers,
    deadLetters: { email: letters("email"), webhook: letters("webhook"), inbound: letters("inbound") },
    jobs: { dead: capped(dead.get("other") ?? 0), oldestDueAt: oldest },
    webhooks: webhooks!,
    facts,
  };
}

async function countDead(cx: UserCx): Promise<Map<string, number>> {
  const kinds = MESSAGE_KINDS as readonly string[];
  const counts = [...kinds, "other"].map((kind) => {
    const ofKind = kind === "other" ? sql`j.kind <> all(${kinds}::text[])` : sql`j.kind = ${kind}`;
    return sql`select ${kind}::text as kind, (select count(*) from (select 1 from jobs j
      where j.tenant_id = ${cx.tenant.id} and ${IN_STATE.failed} and ${ofKind} limit ${
      MOST + 1
    }) d) as count`;
  });
  const rows = await cx.db.rows<{ kind: string; count: number }>(join(counts, " union all "));
  return new Map(rows.map(({ kind, count }) => [kind, count]));
}

/** Among those that were made first, so that a long backlog costs no more. */
async function readOldestDue(cx: UserCx): Promise<string | null> {
  const row = await cx.db.first<{ at: string | null }>(sql`select min(run_at) as at from (
      select run_at from jobs j where j.tenant_id = ${cx.tenant.id} and j.state = 'ready' order by j.id limit ${MOST}
    ) first where run_at <= now()`);
  return row?.at ?? null;
}

async function readFacts(cx: UserCx): Promise<Health["facts"]> {
  const [behind, made] = await Promise.all([
    countBehind(cx, MOST + 1),
    cx.db.first<{ comparedAt: string | null; differences: number }>(sql`
      select compared_at as "comparedAt", differences from report_progress where tenant_id = ${cx.tenant.id}`),
  ]);
  return { behind: capped(behind), comparedAt: null, differences: 0, ...made };
}
