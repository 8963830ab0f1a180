import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { NONE } from "@/domain/tickets/access/visibility.ts";
import { PRIORITY_LABELS, TYPE_LABELS } from "@/domain/tickets/model/formatting.ts";
import { parseId } from "@/domain/validation.ts";
import { SOURCE_LABELS } from "./model/wording.ts";
import type { DimensionName } from "./model/names.ts";

const OF_NOTHING: Readonly<Partial<Record<DimensionName, string>>> = {
  queue: "No queue",
  agent: "Nobody",
  category: "No category",
  item: "Not from the catalog",
  policy: "No policy",
};

/** Names by key, for any dimension but time. Keys that are ids of nothing that there is are missing. */
export async function labelsOf(
  cx: UserCx,
  by: Exclude<DimensionName, "time">,
  keys: readonly string[],
): Promise<Map<string, string>> {
  if (by === "priority" || by === "type" || by === "source") {
    const words: Record<string, string> = { ...PRIORITY_LABELS, ...TYPE_LABELS, ...SOURCE_LABELS };
    return new Map(keys.map((key) => [key, words[key] ?? key]));
  }
  if (by === "queues") return new Map(keys.map((key) => [key, key === "1" ? "1 queue" : `${key} queues`]));
  const ids = keys.filter((key) => key !== NONE && parseId(key) !== undefined);
  const rows = ids.length === 0 ? [] : await cx.db.rows<{ id: string; name: string }>(
    sql`select n.id, n.name from ${TABLES[by]} n where n.tenant_id = ${cx.tenant.id}
      and n.id = any(${ids}::uuid[])`,
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  for (const nothing of [NONE, "none"]) names.set(nothing, OF_NOTHING[by]!);
  return names;
}

const TABLES = {
  queue: sql`queues`,
  agent: sql`users`,
  category: sql`categories`,
  item: sql`catalog_items`,
  policy: sql`sla_policies`,
} as const;
