import { sql } from "@/db/sql.ts";
import type { Role, UserCx } from "@/domain/cx.ts";
import { type Marked, marked } from "./highlight.ts";
import type { Term } from "./terms.ts";

export interface FoundPerson {
  id: string;
  name: Marked;
  email: Marked;
  role: Role;
}

const LOOKED_AT = 500;

/** For staff: people whose name or address has every word as a beginning. */
export async function findPeople(cx: UserCx, terms: Term[], limit: number): Promise<FoundPerson[]> {
  if (terms.length === 0) return [];
  const words = terms.map(({ word }) => word).sort((a, b) => b.length - a.length);
  const rows = await cx.db.rows<{ id: string; name: string; email: string; role: Role }>(sql`
    select u.id, u.name, u.email, u.role from (
      select distinct p.user_id from (
        select x.user_id from search_people x where x.tenant_id = ${cx.tenant.id}
          and x.word >= ${words[0]}::text collate "C" and x.word < ${
    words[0]
  }::text || chr(1114111) collate "C"
        order by x.word limit ${LOOKED_AT}
      ) p
      where not exists (
        select 1 from unnest(${words.slice(1)}::text[]) o(word)
        where not exists (
          select 1 from search_people y where y.tenant_id = ${cx.tenant.id} and y.user_id = p.user_id
            and y.word >= o.word collate "C" and y.word < o.word || chr(1114111) collate "C" offset 0))
    ) p
    cross join lateral (
      select k.id, k.name, k.email, k.role, k.name_key from users k
      where k.tenant_id = ${cx.tenant.id} and k.id = p.user_id and k.deactivated_at is null limit 1
    ) u
    order by u.name_key, u.id limit ${limit}`);
  const sought = terms.map(({ word }) => ({ word, begins: true, digits: [], words: [] }));
  return rows.map(({ id, name, email, role }) => ({
    id,
    name: marked(name, sought),
    email: marked(email, sought),
    role,
  }));
}
