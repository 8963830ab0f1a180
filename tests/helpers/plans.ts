/** What statements read: the plans that PostgreSQL ran, under row security. */
import { type Queries, type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";

/** A node of `explain (analyze, format json)`. */
export interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: PlanNode[];
}

/** How many rows a plan read, by table. */
export function rowsRead(plan: PlanNode): Map<string, number> {
  const read = new Map<string, number>();
  const walk = (node: PlanNode) => {
    const table = node["Relation Name"];
    const rows = node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0) +
      (node["Rows Removed by Index Recheck"] ?? 0);
    if (table) read.set(table, (read.get(table) ?? 0) + rows * node["Actual Loops"]);
    node.Plans?.forEach(walk);
  };
  walk(plan);
  return read;
}

/** Runs `work` and notes its statements. */
export async function statementsOf<C extends Cx>(cx: C, work: (cx: C) => Promise<unknown>): Promise<Sql[]> {
  const statements: Sql[] = [];
  const noted =
    <T>(run: (statement: Sql) => T) => (statement: Sql) => (statements.push(statement), run(statement));
  const { rows, first, run } = cx.db;
  const db: Queries = {
    ...cx.db,
    rows: noted(rows) as typeof rows,
    first: noted(first) as typeof first,
    run: noted(run),
  };
  await work({ ...cx, db });
  return statements;
}

/** The plan of a statement that is run and undone. */
export async function planOf(cx: Cx, statement: Sql): Promise<PlanNode> {
  await cx.db.run(sql`savepoint explained`);
  const [row] = await cx.db.rows<{ "QUERY PLAN": { Plan: PlanNode }[] }>(
    sql`explain (analyze, format json) ${statement}`,
  );
  await cx.db.run(sql`rollback to savepoint explained`);
  return row!["QUERY PLAN"][0]!.Plan;
}

/** Runs `work`, then explains each of its statements. @returns the most rows that one of them read of one table */
export async function mostRowsRead<C extends Cx>(cx: C, work: (cx: C) => Promise<unknown>): Promise<number> {
  let most = 0;
  for (const statement of await statementsOf(cx, work)) {
    most = Math.max(most, ...rowsRead(await planOf(cx, statement)).values());
  }
  return most;
}
