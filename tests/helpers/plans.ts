/** What statements read: the plans that PostgreSQL ran, under row security. */
import pg from "pg";
import { clientConfig, type Target } from "@/db/connect.ts";
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
  const undone = new Error("Undone");
  let plan: PlanNode;
  await cx.db.savepoint(async () => {
    const [row] = await cx.db.rows<{ "QUERY PLAN": { Plan: PlanNode }[] }>(
      sql`explain (analyze, format json) ${statement}`,
    );
    plan = row!["QUERY PLAN"][0]!.Plan;
    throw undone;
  }).catch((error) => {
    if (error !== undone) throw error;
  });
  return plan!;
}

/** Runs `work`, then explains each of its statements. @returns the most rows that one of them read of one table */
export async function mostRowsRead<C extends Cx>(cx: C, work: (cx: C) => Promise<unknown>): Promise<number> {
  let most = 0;
  for (const statement of await statementsOf(cx, work)) {
    most = Math.max(most, ...rowsRead(await planOf(cx, statement)).values());
  }
  return most;
}

/** The plans that a prepared statement can get, as servicehub_app under row security. */
export interface PreparedPlans<Plan> {
  custom: Plan;
  generic: Plan;
}

/** Prepares a statement on a connection of its own, which a use case can't, and explains it for its values and for any. */
export async function preparedPlans<Plan = PlanNode>(
  target: Target,
  { secret, tenantId, staff }: { secret: string; tenantId: string; staff: boolean },
  statement: Sql,
): Promise<PreparedPlans<{ Plan: Plan; "Execution Time": number }>> {
  const client = new pg.Client(clientConfig(target, { user: "servicehub_app" }));
  await client.connect();
  try {
    await client.query("begin");
    await client.query("select enter_system(open_door($1, $2))", [secret, tenantId]);
    await client.query("select set_config('app.staff', $1, true)", [staff ? "on" : "off"]);
    await client.query(`prepare looked as ${statement.text}`);
    const explain = async (mode: string) => {
      await client.query(`set local plan_cache_mode = ${mode}`);
      const values = statement.values.map(literal).join(", ");
      const { rows } = await client.query(
        `explain (analyze, buffers, format json) execute looked(${values})`,
      );
      return rows[0]["QUERY PLAN"][0];
    };
    return { custom: await explain("force_custom_plan"), generic: await explain("force_generic_plan") };
  } finally {
    await client.end();
  }
}

function literal(value: unknown): string {
  if (value === null) return "null";
  return pg.escapeLiteral(Array.isArray(value) ? `{${value.join(",")}}` : String(value));
}
