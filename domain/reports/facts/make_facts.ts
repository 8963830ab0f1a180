import { type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { log } from "@/log.ts";
import { projectTicket } from "./project.ts";
import { readHistories } from "./read_histories.ts";
import { storeFacts } from "./store.ts";

/** Tickets per step; a transaction of several is well within its time. */
export const AT_ONCE = 200;

/** For the rest of a step whose facts couldn't be made at once, in ms: with two statements that take too long it ends in time. */
const MEND_MS = 3_000;

interface Ticket extends Record<string, unknown> {
  id: string;
  changedAt: string;
}

export interface Made {
  done: number;
  last: Ticket | null;
  /** Ids of tickets whose facts were others, or none. */
  differing: string[];
  /** Whether some of those wanted are left. */
  cut: boolean;
}

/**
 * Makes facts anew and writes what differs. The lock must be held. Where that fails `mend` tries fewer at once, down to one,
 * and logs and steps over one that fails alone; else nothing is done. @param wanted a condition on `t`, order and limit
 */
export async function makeFacts(cx: Cx, wanted: Sql, { mend = true } = {}): Promise<Made> {
  try {
    return await cx.db.savepoint(() => makeAll(cx, wanted));
  } catch (error) {
    if (mend) return await makeFewer(cx, wanted, error);
    log("warn", "Cannot make report facts", { tenantId: cx.tenant.id, error });
    return { done: 0, last: null, differing: [], cut: true };
  }
}

async function makeAll(cx: Cx, wanted: Sql): Promise<Made> {
  const read = await readHistories(cx, wanted);
  const ids = read.map(({ history }) => history.ticket.id);
  const facts = read.flatMap(({ history }) => projectTicket(history) ?? []);
  const differing = ids.length > 0 ? await storeFacts(cx, ids, facts) : [];
  const last = read.at(-1);
  return {
    done: read.length,
    last: last ? { id: last.history.ticket.id, changedAt: last.changedAt } : null,
    differing,
    cut: false,
  };
}

async function makeFewer(cx: Cx, wanted: Sql, failure: unknown): Promise<Made> {
  const tickets = await cx.db.rows<Ticket>(
    sql`select t.id, t.changed_at as "changedAt" from tickets t where t.tenant_id = ${cx.tenant.id} and ${wanted}`,
  );
  const end = performance.now() + MEND_MS;
  const differing: string[] = [];
  let done = 0;
  let size = fewerThan(tickets.length, failure);
  // One at least, or no step would ever come past it.
  while (done < tickets.length && (done === 0 || performance.now() < end)) {
    const some = tickets.slice(done, done + size).map(({ id }) => id);
    try {
      const made = await cx.db.savepoint(() => makeAll(cx, sql`t.id = any(${some}::uuid[])`));
      differing.push(...made.differing);
      size = Math.min(size * 2, AT_ONCE);
    } catch (error) {
      size = fewerThan(some.length, error);
      if (some.length > 1) continue;
      // What failed may be the connection.
      await cx.db.run(sql`select 1`);
      log("error", "Cannot make the report facts of a ticket", {
        tenantId: cx.tenant.id,
        ticketId: some[0],
        error,
      });
    }
    done += some.length;
  }
  return { done, last: tickets[done - 1] ?? null, differing, cut: done < tickets.length };
}

/** One, when time was too short: there isn't any for several tries. @throws what isn't about the tickets */
function fewerThan(size: number, error: unknown): number {
  const code = String((error as { code?: unknown } | null)?.code);
  if (/^(55P03|40P01|40001|53\w{3})$/.test(code)) throw error;
  return code === "57014" ? 1 : Math.max(1, Math.ceil(size / 2));
}

/** Until the transaction's end nobody else makes facts. @returns false when somebody does just now */
export async function tryFactsLock(cx: Cx): Promise<boolean> {
  const row = await cx.db.first<{ taken: boolean }>(
    sql`select pg_try_advisory_xact_lock(facts_lock(${cx.tenant.id})) as taken`,
  );
  return row!.taken;
}

/** The same, having waited for them. @returns false when they took longer than a statement may wait */
export async function awaitFactsLock(cx: Cx): Promise<boolean> {
  try {
    await cx.db.savepoint(() => cx.db.run(sql`select pg_advisory_xact_lock(facts_lock(${cx.tenant.id}))`));
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "55P03") return false;
    throw error;
  }
}
