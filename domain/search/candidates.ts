import { empty, type Sql, sql } from "@/db/sql.ts";
import { isStaff, ticketVisibility } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import type { Term, Unit } from "./terms.ts";

/** How many of the newest tickets with the rarest word are looked at: more where the first few give too few hits. */
const LOOKED_AT = [200, 2000];
/** Of the newest that a requester takes part in. */
export const MOST_OWN = 1000;
const TITLE = [0];

/** All words in the title first, then the newest. The rarest word, or what a requester takes part in, bounds the work. */
export async function findCandidates(cx: UserCx, units: Unit[], most: number): Promise<number[]> {
  if (units.length === 0) return [];
  const { kind } = ticketVisibility(cx.tenant, cx.actor);
  if (kind === "own") return best(await tiersOf(cx, units, await ownNumbers(cx)), most);
  if (units.some(({ lead }) => lead.found === 0)) return [];
  const simple = isSimple(units);
  if (kind === "all" && simple) return await newest(cx, units[0]!.lead, most);
  const lead = await leadOf(cx, units);
  for (const looked of LOOKED_AT) {
    const [titled, said] = await Promise.all([
      newestWith(cx, lead.inTitle, { fields: TITLE, most: looked }),
      newestWith(cx, lead.words, { fields: fieldsFor(cx), most: looked }),
    ]);
    const either = [...new Set([...titled, ...said])];
    const tiers = simple
      ? new Map(either.map((number, i) => [number, i < titled.length ? 0 : 1]))
      : await tiersOf(cx, units, either);
    const all = titled.length < looked && said.length < looked;
    const seen = await seenOf(cx, best(tiers, tiers.size), most);
    if (seen.length >= most || all || looked === LOOKED_AT.at(-1)) return seen;
  }
  return [];
}

/** Whether one word is all that is asked for. */
export function isSimple(units: Unit[]): boolean {
  return units.length === 1 && units[0]!.alternatives.length === 1 && units[0]!.alternatives[0]!.length === 1;
}

/** Of words that are all common it is the one whose newest tickets lie farthest apart. */
async function leadOf(cx: UserCx, units: Unit[]): Promise<Term> {
  const rarest = rarestOf(units);
  if (rarest.counted || units.length === 1) return rarest;
  const spans = await Promise.all(units.map(async ({ lead }) => {
    const numbers = await newestWith(cx, lead.words, { fields: fieldsFor(cx), most: LOOKED_AT[0]! });
    return { lead, span: numbers.length === 0 ? 0 : numbers[0]! - numbers.at(-1)! };
  }));
  return spans.reduce((a, b) => b.span > a.span ? b : a).lead;
}

export function rarestOf(units: Unit[]): Term {
  return units.map(({ lead }) => lead).toSorted((a, b) => a.found - b.found)[0]!;
}

/** The kinds of text that the actor may search: internal notes and addresses of requesters are for staff. */
export function fieldsFor(cx: UserCx): number[] {
  return isStaff(cx.actor.role) ? [0, 1, 2, 3, 4] : [0, 1, 3];
}

/** Whoever may see them. @returns by number: 0 where the title has all, 1 elsewhere */
export async function tiersOf(cx: UserCx, units: Unit[], numbers: number[]): Promise<Map<number, number>> {
  const [rarest, ...others] = units.toSorted((a, b) => a.lead.found - b.lead.found);
  let tiers = new Map(numbers.map((number) => [number, 0]));
  // The rarest usually led the search, so it comes last: every ticket has it.
  for (const unit of [...others, rarest!]) {
    if (tiers.size === 0) break;
    const having = await withUnit(cx, unit, [...tiers.keys()]);
    tiers = new Map([...having].map(([number, tier]) => [number, Math.max(tier, tiers.get(number)!)]));
  }
  return tiers;
}

/** Those of `numbers` that have one of the alternatives. @returns by number: 0 where the title has it, 1 elsewhere */
export async function withUnit(
  cx: UserCx,
  { alternatives }: Unit,
  numbers: number[],
): Promise<Map<number, number>> {
  const having = new Map<number, number>();
  for (const terms of alternatives) {
    let tiers = new Map(numbers.map((number) => [number, 0]));
    for (const term of terms) {
      if (tiers.size === 0) break;
      const rows = await lookUp(cx, term, [...tiers.keys()]);
      tiers = new Map(rows.map(({ number, titled }) => [number, titled ? tiers.get(number)! : 1]));
    }
    for (const [number, tier] of tiers) having.set(number, Math.min(tier, having.get(number) ?? 1));
  }
  return having;
}

interface Having {
  number: number;
  titled: boolean;
}

/** By all numbers at once: in order, many are on one page of the index. */
async function lookUp(cx: UserCx, { words, inTitle }: Term, numbers: number[]): Promise<Having[]> {
  return await cx.db.rows<Having & Record<string, unknown>>(sql`
    select p.number, bool_or(p.titled) as titled from (
      select x.number, true as titled from search_postings x where x.tenant_id = ${cx.tenant.id}
        and x.word = any(${inTitle}::text[]) and x.field = 0 and x.number = any(${numbers}::bigint[])
      union all
      select x.number, false from search_postings x where x.tenant_id = ${cx.tenant.id}
        and x.word = any(${words}::text[]) and x.field = any(${fieldsFor(cx).slice(1)}::smallint[])
        and x.number = any(${numbers}::bigint[])
      ${isStaff(cx.actor.role) ? empty : ownAddress(cx, words, numbers)}
    ) p
    group by p.number`);
}

/** People find what they raised by their own address, as staff do by anybody's. */
function ownAddress(cx: UserCx, words: string[], numbers: number[]): Sql {
  return sql`union all
      select t.number, false from tickets t where t.tenant_id = ${cx.tenant.id}
        and t.number = any(${numbers}::bigint[]) and t.requester_id = ${cx.actor.id} and exists (
          select 1 from search_people y where y.tenant_id = ${cx.tenant.id} and y.user_id = ${cx.actor.id}
            and y.word = any(${words}::text[]))`;
}

function best(tiers: Map<number, number>, most: number): number[] {
  return [...tiers].sort(([a, i], [b, j]) => i - j || b - a).slice(0, most).map(([number]) => number);
}

/** For one word where every ticket may be seen. */
async function newest(cx: UserCx, term: Term, most: number): Promise<number[]> {
  const titled = await newestWith(cx, term.inTitle, { fields: TITLE, most });
  if (titled.length >= most) return titled;
  // Titles that come again leave room for all the others.
  const said = await newestWith(cx, term.words, { fields: fieldsFor(cx), most: most + titled.length });
  return [...new Set([...titled, ...said])].slice(0, most);
}

/** Newest first. */
export async function newestWith(
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

export async function ownNumbers(cx: UserCx): Promise<number[]> {
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

/** In the same order. */
export async function seenOf(cx: UserCx, numbers: number[], most: number): Promise<number[]> {
  if (numbers.length === 0 || ticketVisibility(cx.tenant, cx.actor).kind === "all") {
    return numbers.slice(0, most);
  }
  // LIMIT keeps it a lookup for each; a join might read every ticket of the tenant.
  return await numbersOf(
    cx,
    sql`
    select n.number from unnest(${numbers}::bigint[]) with ordinality n(number, place)
    cross join lateral (
      select 1 from tickets t where t.tenant_id = ${cx.tenant.id} and t.number = n.number ${
      visibleToActor(cx)
    } limit 1
    ) t
    order by n.place limit ${most}`,
  );
}

async function numbersOf(cx: UserCx, statement: Sql): Promise<number[]> {
  return (await cx.db.rows<{ number: number }>(statement)).map(({ number }) => number);
}
