import { empty, type Sql, sql } from "../../db/sql.ts";
import { isStaff, ticketScope } from "../access.ts";
import type { UserCx } from "../cx.ts";
import { visibleTo } from "../tickets/scope.ts";
import type { Term } from "./terms.ts";

/** A ticket that a search found: `tier` is 0 where its title has every word, 1 where words are elsewhere too. */
export interface Candidate {
  number: number;
  tier: number;
}

/** Of one word's tickets, in one kind of text, the newest so many are looked at. */
const LOOKED_AT = 2000;
/** Of the tickets that a requester takes part in, the newest so many are searched. */
const MOST_OWN = 1000;
const TITLE = 0;

/**
 * The best tickets with every word that the actor may see: titles first, the newest first among equals.
 *
 * Work is bounded whatever is asked: the rarest word leads, in order of its tickets, and the others are looked up for
 * each of them; what somebody takes part in alone leads where that is all they see.
 */
export async function findCandidates(cx: UserCx, terms: Term[], most: number): Promise<Candidate[]> {
  if (terms.length === 0 || terms.some(({ found }) => found === 0)) return [];
  const rows = await cx.db.rows<Candidate & Record<string, unknown>>(
    ticketScope(cx.tenant, cx.actor).kind === "own"
      ? ownCandidates(cx, terms, most)
      : candidates(cx, terms, most),
  );
  // A title that has every word is in the second tier as well.
  const seen = new Set<number>();
  return rows.filter(({ number }) => !seen.has(number) && seen.add(number)).slice(0, most);
}

function candidates(cx: UserCx, terms: Term[], most: number): Sql {
  const [first, ...others] = terms.toSorted((a, b) => a.found - b.found);
  const tier = (number: number, fields: number[]) =>
    sql`(select found.number, ${number}::int as tier
      from unnest(${first!.words}::text[]) w(word) cross join unnest(${fields}::smallint[]) f(field)
      cross join lateral (
        select p.number from (
          select x.number from search_postings x
          where x.tenant_id = ${cx.tenant.id} and x.word = w.word and x.field = f.field
          order by x.number desc limit ${LOOKED_AT}
        ) p
        where ${others.length > 0 ? hasTerms(cx, others, { number: sql`p.number`, fields }) : sql`true`} ${
      seenByNumber(cx)
    }
        order by p.number desc limit ${most}
      ) found
      group by found.number order by found.number desc limit ${most})`;
  return sql`select found.number, found.tier
    from (${tier(0, [TITLE])} union all ${tier(1, fieldsFor(cx))}) found limit ${2 * most}`;
}

/**
 * A condition: the ticket of this number has each of the terms.
 *
 * @param in `number` is an expression, `fields` the kinds of text that count
 */
export function hasTerms(
  cx: UserCx,
  terms: Term[],
  { number, fields = fieldsFor(cx) }: { number: Sql; fields?: number[] },
): Sql {
  return sql`not exists (
    select 1 from unnest(${terms.map(({ words }) => words.join(" "))}::text[]) o(words)
    where not exists (
      select 1 from search_postings y where y.tenant_id = ${cx.tenant.id}
        and y.word = any(string_to_array(o.words, ' ')) and y.field = any(${fields}::smallint[])
        and y.number = ${number} offset 0))`;
}

/** The kinds of text that the actor may search: internal notes are for staff, as row security has it too. */
export function fieldsFor(cx: UserCx): number[] {
  return isStaff(cx.actor.role) ? [0, 1, 2, 3] : [0, 1, 3];
}

function seenByNumber(cx: UserCx): Sql {
  if (ticketScope(cx.tenant, cx.actor).kind === "all") return empty;
  // OFFSET keeps it a look-up for each candidate: as a join it might read every ticket of the tenant.
  return sql`and exists (select 1 from tickets t where t.tenant_id = ${cx.tenant.id} and t.number = p.number
    ${visibleTo(cx)} offset 0)`;
}

function ownCandidates(cx: UserCx, terms: Term[], most: number): Sql {
  return sql`select found.number, case when sum(found.in_title) = ${terms.length}::int then 0 else 1 end as tier
    from (
      select o.place, p.number, max(case when p.field = 0 then 1 else 0 end) as in_title
      from unnest(${terms.map(({ words }) => words.join(" "))}::text[]) with ordinality o(words, place)
      cross join lateral (
        select x.number, x.field from search_postings x
        where x.tenant_id = ${cx.tenant.id} and x.word = any(string_to_array(o.words, ' '))
          and x.field = any(${fieldsFor(cx)}::smallint[]) and x.number = any(array(
            select t.number from (
              select m.ticket_id from ticket_participants m
              where m.tenant_id = ${cx.tenant.id} and m.user_id = ${cx.actor.id}
              order by m.created_at desc, m.ticket_id desc limit ${MOST_OWN}
            ) mine cross join lateral (
              select k.number from tickets k where k.tenant_id = ${cx.tenant.id} and k.id = mine.ticket_id limit 1
            ) t))
      ) p
      group by o.place, p.number
    ) found
    group by found.number having count(*) = ${terms.length}::int order by tier, found.number desc limit ${most}`;
}
