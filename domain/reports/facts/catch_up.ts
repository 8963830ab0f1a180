import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { NONE } from "@/domain/tickets/access/visibility.ts";
import { projectTicket } from "./project.ts";
import { readHistories } from "./read_histories.ts";
import { storeFacts } from "./store.ts";

/** Tickets per step. */
const AT_ONCE = 200;

/** With tickets that changed since their facts were made. */
export async function tenantsToCount(): Promise<string[]> {
  const rows = await inSystem(
    "make report facts",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_to_count()`),
  );
  return rows.map(({ id }) => id);
}

interface Progress extends Record<string, unknown> {
  /** As text: it may be `-infinity`. */
  at: string;
  id: string;
}

/**
 * Makes the facts of up to `most` tickets that changed since theirs were made, in the order of their changes; what is
 * read in this transaction from then on has everything that was committed before, unless there is `more`. One at a time
 * in an organisation: `wait` for the other, or leave it to them.
 */
export async function catchUp(
  cx: Cx,
  most: number,
  { wait = true } = {},
): Promise<{ done: number; more: boolean }> {
  // First: what changed before it can be seen by the statements after it.
  const { until } =
    (await cx.db.first<{ until: string }>(sql`select changes_end(${cx.tenant.id}) as until`))!;
  if (!await isBehind(cx, until)) return { done: 0, more: false };
  if (!await takeTurn(cx, wait)) return { done: 0, more: wait };
  let done = 0;
  while (done < most) {
    const limit = Math.min(AT_ONCE, most - done);
    const made = await makeFacts(cx, { until, limit });
    done += made;
    if (made < limit) return { done, more: false };
  }
  return { done, more: await isBehind(cx, until) };
}

async function isBehind(cx: Cx, until: string): Promise<boolean> {
  const { at, id } = await readProgress(cx);
  const row = await cx.db.first(sql`select from tickets t where t.tenant_id = ${cx.tenant.id}
    and (t.changed_at, t.id) > (${at}::timestamptz, ${id}::uuid) and t.changed_at < ${until}::timestamptz
    order by t.changed_at, t.id limit 1`);
  return row !== undefined;
}

async function readProgress(cx: Cx): Promise<Progress> {
  const row = await cx.db.first<Progress>(
    sql`select changed_at::text as at, last_id as id from report_progress where tenant_id = ${cx.tenant.id}`,
  );
  return row ?? { at: "-infinity", id: NONE };
}

/** @returns false when another transaction has it, after the lock's timeout where it waits */
async function takeTurn(cx: Cx, wait: boolean): Promise<boolean> {
  if (!wait) {
    const row = await cx.db.first<{ taken: boolean }>(
      sql`select pg_try_advisory_xact_lock(facts_lock(${cx.tenant.id})) as taken`,
    );
    return row!.taken;
  }
  try {
    await cx.db.savepoint(() => cx.db.run(sql`select pg_advisory_xact_lock(facts_lock(${cx.tenant.id}))`));
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "55P03") return false;
    throw error;
  }
}

/** @returns how many tickets */
async function makeFacts(cx: Cx, { until, limit }: { until: string; limit: number }): Promise<number> {
  const { at, id } = await readProgress(cx);
  const read = await readHistories(
    cx,
    sql`(t.changed_at, t.id) > (${at}::timestamptz, ${id}::uuid) and t.changed_at < ${until}::timestamptz
      order by t.changed_at, t.id limit ${limit}`,
  );
  const last = read.at(-1);
  if (!last) return 0;
  const ids = read.map(({ history }) => history.ticket.id);
  await storeFacts(cx, ids, read.flatMap(({ history }) => projectTicket(history) ?? []));
  await cx.db.run(sql`insert into report_progress (tenant_id, changed_at, last_id)
    values (${cx.tenant.id}, ${last.changedAt}, ${last.history.ticket.id})
    on conflict (tenant_id) do update set changed_at = excluded.changed_at, last_id = excluded.last_id`);
  return read.length;
}
