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
  if (!await isBehind(cx, { ...await readProgress(cx), until })) return { done: 0, more: false };
  const taken = wait ? await awaitFactsLock(cx) : await tryFactsLock(cx);
  if (!taken) return { done: 0, more: true };
  // Whoever had the lock may have done it.
  let progress = { ...await readProgress(cx), until };
  let done = 0;
  while (done < most) {
    const limit = Math.min(AT_ONCE, most - done);
    const made = await makeFacts(cx, sql`${waiting(progress)} limit ${raw(String(limit))}`);
    if (made.last) {
      progress = { at: made.last.changedAt, id: made.last.id, until };
      await moveProgress(cx, made.last);
    }
    done += made.done;
    if (made.done < limit) return { done, more: false };
  }
  return { done, more: await isBehind(cx, progress) };
}

interface Progress {
  /** Of the last change whose facts are made. As text, because it may be `-infinity`. */
  at: string;
  id: string;
  /** What changed before that is committed. */
  until: string;
}

async function readProgress(cx: Cx): Promise<Omit<Progress, "until">> {
  const row = await cx.db.first<{ at: string; id: string }>(
    sql`select changed_at::text as at, last_id as id from report_progress where tenant_id = ${cx.tenant.id}`,
  );
  return row ?? { at: "-infinity", id: NONE };
}

async function isBehind(cx: Cx, progress: Progress): Promise<boolean> {
  const row = await cx.db.first(sql`select from tickets t where t.tenant_id = ${cx.tenant.id}
    and ${waiting(progress)} limit 1`);
  return row !== undefined;
}

/** A condition on tickets `t`, with its order. */
function waiting({ at, id, until }: Progress): Sql {
  return sql`(t.changed_at, t.id) > (${at}::timestamptz, ${id}::uuid) and t.changed_at < ${until}::timestamptz
    order by t.changed_at, t.id`;
}

async function moveProgress(cx: Cx, { changedAt, id }: { changedAt: string; id: string }): Promise<void> {
  await cx.db.run(sql`insert into report_progress (tenant_id, changed_at, last_id)
    values (${cx.tenant.id}, ${changedAt}, ${id})
    on conflict (tenant_id) do update set changed_at = excluded.changed_at, last_id = excluded.last_id`);
}
