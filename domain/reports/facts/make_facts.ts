import { type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { projectTicket } from "./project.ts";
import { readHistories } from "./read_histories.ts";
import { storeFacts } from "./store.ts";

/** Tickets per step; a transaction of several is well within its time. */
export const AT_ONCE = 200;

export interface Made {
  done: number;
  last: { id: string; changedAt: string } | null;
  /** Ids of tickets whose facts were others, or none. */
  differing: string[];
}

/** Makes facts anew and writes what differs. The lock must be held. @param wanted a condition on `t`, order and limit */
export async function makeFacts(cx: Cx, wanted: Sql): Promise<Made> {
  const read = await readHistories(cx, wanted);
  const ids = read.map(({ history }) => history.ticket.id);
  const facts = read.flatMap(({ history }) => projectTicket(history) ?? []);
  const differing = ids.length > 0 ? await storeFacts(cx, ids, facts) : [];
  const last = read.at(-1);
  return {
    done: read.length,
    last: last ? { id: last.history.ticket.id, changedAt: last.changedAt } : null,
    differing,
  };
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
