import { inSystem } from "@/db/door.ts";
import { raw, type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { NONE } from "@/domain/tickets/access/visibility.ts";
import { AT_ONCE, awaitFactsLock, makeFacts, tryFactsLock } from "./make_facts.ts";

/** With tickets that changed since their facts were made, or a rebuild under way. */
export async function tenantsToCount(): Promise<string[]> {
  const rows = await inSystem(
    "make report facts",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_to_count()`),
  );
  return rows.map(({ id }) => id);
}

/**
 * Makes the facts of up to `most` tickets that changed since theirs were made, in the order of their changes. What is read
 * in this transaction from then on has everything that was committed a second before, unless there is `more`: behind a
 * change whose transaction is open no later one can be counted. One at a time in an organisation: `wait` for the other, or
 * leave it to them. Whoever doesn't `mend` leaves what fails to the job.
 */
export async function catchUp(
  cx: Cx,
  most: number,
  { wait = true, mend = false } = {},
): Promise<{ done: number; more: boolean }> {
  // First: what changed before it can be seen by the statements after it.
  const { until, expected } = (await cx.db.first<{ until: string; expected: string }>(
    sql`select e.until, greatest(e.until, now() - interval '1 second') as expected
      from changes_end(${cx.tenant.id}) e (until)`,
  ))!;
  const lacks = async (progress: Progress) => until !== expected && await isBehind(cx, progress, expected);
  let progress = await readProgress(cx);
  if (!await isBehind(cx, progress, until)) return { done: 0, more: await lacks(progress) };
  const taken = wait ? await awaitFactsLock(cx) : await tryFactsLock(cx);
  if (!taken) return { done: 0, more: true };
  // Whoever had the lock may have done it.
  progress = await readProgress(cx);
  let done = 0;
  while (done < most) {
    const limit = Math.min(AT_ONCE, most - done);
    const made = await makeFacts(cx, sql`${waiting(progress, until)} limit ${raw(String(limit))}`, { mend });
    if (made.last) {
      progress = { at: made.last.changedAt, id: made.last.id };
      await moveProgress(cx, made.last);
    }
    done += made.done;
    if (made.cut) return { done, more: true };
    if (made.done < limit) return { done, more: await lacks(progress) };
  }
  return { done, more: await isBehind(cx, progress, expected) };
}

interface Progress {
  /** Of the last change whose facts are made. As text, because it may be `-infinity`. */
  at: string;
  id: string;
}

async function readProgress(cx: Cx): Promise<Progress> {
  const row = await cx.db.first<{ at: string; id: string }>(
    sql`select changed_at::text as at, last_id as id from report_progress where tenant_id = ${cx.tenant.id}`,
  );
  return row ?? { at: "-infinity", id: NONE };
}

/** How many tickets changed since their facts were made, up to `most`, whatever else is still open. */
export async function countBehind(cx: Cx, most: number): Promise<number> {
  const row = await cx.db.first<{ count: number }>(sql`select count(*) from (select from tickets t
    where t.tenant_id = ${cx.tenant.id} and ${waiting(await readProgress(cx), "infinity")}
    limit ${raw(String(most))}) behind`);
  return row!.count;
}

async function isBehind(cx: Cx, progress: Progress, until: string): Promise<boolean> {
  const row = await cx.db.first(sql`select from tickets t where t.tenant_id = ${cx.tenant.id}
    and ${waiting(progress, until)} limit 1`);
  return row !== undefined;
}

/** A condition on tickets `t`, with its order. */
function waiting({ at, id }: Progress, until: string): Sql {
  return sql`(t.changed_at, t.id) > (${at}::timestamptz, ${id}::uuid) and t.changed_at < ${until}::timestamptz
    order by t.changed_at, t.id`;
}

async function moveProgress(cx: Cx, { changedAt, id }: { changedAt: string; id: string }): Promise<void> {
  await cx.db.run(sql`insert into report_progress (tenant_id, changed_at, last_id)
    values (${cx.tenant.id}, ${changedAt}, ${id})
    on conflict (tenant_id) do update set changed_at = excluded.changed_at, last_id = excluded.last_id`);
}
