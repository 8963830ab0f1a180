import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { type Marked, marked, snippetOf } from "./highlight.ts";
import type { Term } from "./terms.ts";

export interface FoundItem {
  id: string;
  name: Marked;
  section: string;
  snippet: Marked | null;
}

/** Active items with every word somewhere in name, heading or description; names first. */
export async function findCatalog(cx: UserCx, terms: Term[], limit: number): Promise<FoundItem[]> {
  if (terms.length === 0) return [];
  const words = terms.map(({ word }) => word);
  // A catalog has some hundred items at most: it is read whole.
  const rows = await cx.db.rows<{ id: string; name: string; section: string; description: string }>(sql`
    select i.id, i.name, i.section, i.description from (
      select k.*, search_folded(k.name) as folded,
        search_folded(k.name || ' ' || k.section || ' ' || left(k.description, 2000)) as folded_text
      from catalog_items k where k.tenant_id = ${cx.tenant.id} and k.archived_at is null
    ) i
    where not exists (select 1 from unnest(${words}::text[]) w where strpos(i.folded_text, w) = 0)
    order by exists (select 1 from unnest(${words}::text[]) w where strpos(i.folded, w) = 0), i.position, i.name_key, i.id
    limit ${limit}`);
  return rows.map(({ id, name, section, description }) => {
    const { snippet } = snippetOf(description.slice(0, 2000), terms);
    return { id, name: marked(name, terms), section, snippet: snippet.text === "" ? null : snippet };
  });
}
