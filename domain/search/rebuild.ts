import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";

/** With texts that aren't in the search index yet: those written before an upgrade, the rest of very long ones, and the
 * names of people who took another one and have many tickets. */
export async function tenantsToIndex(): Promise<string[]> {
  const rows = await inSystem(
    "search index",
    (db) => db.rows<{ id: string }>(sql`select id from tenants_to_index()`),
  );
  return rows.map(({ id }) => id);
}

/** Some 20 kB of text at a time, the newest first, or a hundred tickets. What is entered commits with how far it came. */
export async function indexMore(cx: Cx): Promise<{ done: number; more: boolean }> {
  const row = await cx.db.first<{ worked: boolean }>(sql`select index_more(${cx.tenant.id}) as worked`);
  const worked = row?.worked ?? false;
  return { done: Number(worked), more: worked };
}
