import { join, raw, type Sql, sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import type { Facts } from "./fact_rows.ts";

interface FactTable {
  name: string;
  /** Beside the organisation. */
  key: readonly string[];
  rest: readonly string[];
  rows: (facts: Facts) => object[];
}

const TABLES: readonly FactTable[] = [
  {
    name: "report_tickets",
    key: ["id"],
    rest: [
      "created_at",
      "status",
      "type",
      "source",
      "priority",
      "category_id",
      "queue_key",
      "assignee_key",
      "item_id",
      "policy_id",
      "queues",
      "replied_at",
      "replied_by",
      "reply_business_ms",
      "resolved_at",
      "resolved_by",
      "resolve_business_ms",
      "reopened_at",
      "reply_started_at",
      "reply_over_at",
      "reply_outcome",
      "resolve_started_at",
      "resolve_over_at",
      "resolve_outcome",
      "score",
    ],
    rows: ({ ticket }) => [ticket],
  },
  {
    name: "report_stays",
    key: ["id", "kind", "position"],
    rest: ["status", "holder", "from_at", "to_at", "began", "ended", "created_at"],
    rows: ({ stays }) => stays,
  },
  {
    name: "report_acts",
    key: ["id", "kind", "position"],
    rest: ["at", "agent_key", "undone"],
    rows: ({ acts }) => acts,
  },
  {
    name: "report_breaches",
    key: ["id", "metric", "position"],
    rest: ["over_at", "queue_key", "agent_key", "business_ms"],
    rows: ({ breaches }) => breaches,
  },
];

/** Has the tables keep these facts, and none of others among `ids`. @returns the tickets whose facts were others */
export async function storeFacts(cx: Cx, ids: readonly string[], facts: readonly Facts[]): Promise<string[]> {
  const changed = await Promise.all(TABLES.map((table) => {
    const rows = facts.flatMap(table.rows).map((row) => ({ ...row, tenant_id: cx.tenant.id }));
    return cx.db.rows<{ id: string }>(difference(cx, table, { ids, rows: JSON.stringify(rows) }));
  }));
  return [...new Set(changed.flat().map(({ id }) => id))];
}

/** Writes only what differs: most changes of a ticket leave most of its facts as they were. */
function difference(
  cx: Cx,
  { name, key, rest }: FactTable,
  { ids, rows }: { ids: readonly string[]; rows: string },
): Sql {
  const table = raw(name);
  const names = (list: readonly string[], of = "") => join(list.map((column) => raw(`${of}${column}`)), ", ");
  const same = raw(key.map((column) => `r.${column} = w.${column}`).join(" and "));
  const all = names(["tenant_id", ...key, ...rest]);
  return sql`with w as materialized (
      select * from jsonb_populate_recordset(null::${table}, ${rows}::jsonb)
    ), kept as materialized (
      -- By the primary key, however little the planner knows of a table.
      select r as row, ${names(key, "r.")} from ${table} r
      where r.tenant_id = ${cx.tenant.id} and r.id = any(${ids}::uuid[])
    ), gone as (
      delete from ${table} r where r.tenant_id = ${cx.tenant.id} and r.id = any(${ids}::uuid[])
        and not exists (select from w where ${same}) returning r.id
    ), made as (
      insert into ${table} (${all})
      select ${names(["tenant_id", ...key, ...rest], "w.")} from w left join kept r on ${same}
      where r.row is distinct from w::${table}
      on conflict (${names(["tenant_id", ...key])}) do update
        set (${names(rest)}) = row(${names(rest, "excluded.")})
      returning id
    )
    select id from gone union select id from made`;
}
