import { type Sql, sql } from "../../db/sql.ts";
import { isStaff, ticketScope } from "../access.ts";
import type { UserCx } from "../cx.ts";
import { visibleTo } from "../tickets/scope.ts";
import type { Term } from "./terms.ts";

/**
 * Of the tickets with the rarest word so many are looked at, the newest with it in the title and the newest with it
 * anywhere: first a few, and more where those give too few hits.
 */
const LOOKED_AT = [200, 2000];
/** Of the tickets that a requester takes part in, the newest so many are searched. */
const MOST_OWN = 1000;
const TITLE = [0];

/**
 * The numbers of the best tickets with every word that the actor may see: those with all of them in the title first,
 * the newest first among equals.
 *
 * Work is bounded whatever is asked. What somebody takes part in leads where that is all they see, and the rarest word
 * elsewhere; the other words are looked up for those tickets alone.
 *
 * @param most how many at most
 */
export async function findCandidates(cx: UserCx, terms: Term[], most: number): Promise<number[]> {
  if (terms.length === 0 || terms.some(({ found }) => found === 0)) return [];
  const { kind } = ticketScope(cx.tenant, cx.actor);
  if (kind === "own") return best(await tiersOf(cx, terms, await ownNumbers(cx)), most);
  const lead = rarestOf(terms);
  if (kind === "all" && terms.length === 1) return await newest(cx, lead, most);
  for (const looked of LOOKED_AT) {
    const [titled, said] = await Promise.all([
      newestWith(cx, lead.inTitle, { fields: TITLE, most: looked }),
      newestWith(cx, lead.words, { fields: fieldsFor(cx), most: looked }),
    ]);
    const tiers = await tiersOf(cx, terms, [...new Set([...titled, ...said])]);
    const all = titled.length < looked && said.length < looked;
    const seen = await seenOf(cx, best(tiers, tiers.size), most);
    if (seen.length >= most || all || looked === LOOKED_AT.at(-1)) return seen;
  }
  return [];
}

/** The term that the fewest entries of the index are of. */
export function rarestOf(terms: Term[]): Term {
  return terms.toSorted((a, b) => a.found - b.found)[0]!;
}

/** The kinds of text that the actor may search: internal notes are for staff, as row security has it too. */
export function fieldsFor(cx: UserCx): number[] {
  return isStaff(cx.actor.role) ? [0, 1, 2, 3] : [0, 1, 3];
}

/**
 * Which of these tickets have every term, whoever may see them.
 *
 * @returns by number: 0 where the title has them all, 1 elsewhere
 */
export async function tiersOf(cx: UserCx, terms: Term[], numbers: number[]): Promise<Map<number, number>> {
  if (numbers.length === 0) return new Map();
  const texts = (lists: string[][]) => lists.map((words) => words.join(" "));
  const rows = await cx.db.rows<{ number: number; titled: number; found: number }>(sql`
    select found.number, sum(found.titled)::int as titled, count(*)::int as found
    from (
      select o.place, p.number, max(p.titled) as titled
      from unnest(${texts(terms.map(({ words }) => words))}::text[], ${
    texts(terms.map(({ inTitle }) => inTitle))
  }::text[])
        with ordinality o(words, in_title, place)
      cross join lateral (
        select x.number, 1 as titled from search_postings x
        where x.tenant_id = ${cx.tenant.id} and x.word = any(string_to_array(o.in_title, ' ')) and x.field = 0
          and x.number = any(${numbers}::bigint[])
        union all
        select x.number, 0 from search_postings x
        where x.tenant_id = ${cx.tenant.id} and x.word = any(string_to_array(o.words, ' '))
          and x.field = any(${fieldsFor(cx).slice(1)}::smallint[]) and x.number = any(${numbers}::bigint[])
      ) p
      group by o.place, p.number
    ) found
    group by found.number having count(*) = ${terms.length}::int`);
  return new Map(rows.map(({ number, titled, found }) => [number, titled === found ? 0 : 1]));
}

function best(tiers: Map<number, number>, most: number): number[] {
  return [...tiers].sort(([a, i], [b, j]) => i - j || b - a).slice(0, most).map(([number]) => number);
}

/** The best of one word where every ticket may be seen. */
async function newest(cx: UserCx, term: Term, most: number): Promise<number[]> {
  const titled = await newestWith(cx, term.inTitle, { fields: TITLE, most });
  if (titled.length >= most) return titled;
  // Titles have it fewer times than that: those that come again leave room for all the others.
  const said = await newestWith(cx, term.words, { fields: fieldsFor(cx), most: most + titled.length });
  return [...new Set([...titled, ...said])].slice(0, most);
}

/** The newest tickets with one of the words in one of the kinds of text, newest first. */
async function newestWith(
  cx: UserCx,
  words: string[],
  { fields, most }: { fields: number[]; most: number },
): Promise<number[]> {
  return await numbersOf(
    cx,
    sql`
    select distinct p.number from unnest(${words}::text[]) w(word) cross join unnest(${fields}::smallint[]) f(field)
    cross join lateral (
      select x.number from search_postings x
      where x.tenant_id = ${cx.tenant.id} and x.word = w.word and x.field = f.field
      order by x.number desc limit ${most}
    ) p
    order by p.number desc limit ${most}`,
  );
}

async function ownNumbers(cx: UserCx): Promise<number[]> {
  return await numbersOf(
    cx,
    sql`
    select t.number from (
      select m.ticket_id from ticket_participants m
      where m.tenant_id = ${cx.tenant.id} and m.user_id = ${cx.actor.id}
      order by m.created_at desc, m.ticket_id desc limit ${MOST_OWN}
    ) mine cross join lateral (
      select k.number from tickets k where k.tenant_id = ${cx.tenant.id} and k.id = mine.ticket_id limit 1
    ) t`,
  );
}

/** Those of the tickets that the actor may see, in the same order. */
async function seenOf(cx: UserCx, numbers: number[], most: number): Promise<number[]> {
  if (numbers.length === 0 || ticketScope(cx.tenant, cx.actor).kind === "all") return numbers.slice(0, most);
  // LIMIT keeps it a look-up for each: as a join it might read every ticket of the tenant.
  return await numbersOf(
    cx,
    sql`
    select n.number from unnest(${numbers}::bigint[]) with ordinality n(number, place)
    cross join lateral (
      select 1 from tickets t where t.tenant_id = ${cx.tenant.id} and t.number = n.number ${
      visibleTo(cx)
    } limit 1
    ) t
    order by n.place limit ${most}`,
  );
}

async function numbersOf(cx: UserCx, statement: Sql): Promise<number[]> {
  return (await cx.db.rows<{ number: number }>(statement)).map(({ number }) => number);
}
