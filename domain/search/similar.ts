import { empty, type Sql, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { isStaff } from "@/domain/permissions.ts";
import { type Term, toUnit, type Unit } from "./terms.ts";

/** Shorter words have too many others nearby. */
const SHORTEST = 4;
const COMPARED = 4000;
const TAKEN = 5;
const OWN_TICKETS = 200;

/** One letter off, two in words of eight or more; the first or second letter must match. Null where there are none. */
export async function withSimilar(cx: UserCx, units: Unit[]): Promise<Unit[] | null> {
  const wanted = units.flatMap(({ alternatives }) => alternatives.flat()).map(({ word }) => word)
    .filter((word) => word.length >= SHORTEST && word.length <= 24);
  if (wanted.length === 0) return null;
  const rows = await cx.db.rows<{ word: string }>(sql`
    ${isStaff(cx.actor.role) ? empty : ownWords(cx)}
    select distinct v.word from unnest(${wanted}::text[]) w(word)
    cross join lateral (select left(w.word, 1) as letter union select substr(w.word, 2, 1)) first
    cross join lateral (
      select v.word from ${isStaff(cx.actor.role) ? allWords(cx) : sql`own`} v
      where v.word >= first.letter collate "C"
        and v.word < first.letter || chr(1114111) collate "C"
        and length(v.word) between length(w.word) - 2 and length(w.word) + 2
      limit ${COMPARED}
    ) v`);
  const known = rows.map(({ word }) => word);
  let some = false;
  const widened = (term: Term): Term => {
    const near = nearest(term, known);
    if (near.length > 0) some = true;
    const { words, inTitle, found, counted } = term;
    return {
      ...term,
      words: [...words, ...near],
      inTitle: [...inTitle, ...near],
      found: found + near.length,
      counted: counted && near.length === 0,
    };
  };
  const wider = units.map(({ alternatives }) => toUnit(alternatives.map((terms) => terms.map(widened))));
  return some ? wider : null;
}

/** The words that titles have had. */
function allWords(cx: UserCx): Sql {
  return sql`(select word from search_vocabulary where tenant_id = ${cx.tenant.id})`;
}

/** Those of the latest tickets that somebody takes part in: who isn't staff mustn't learn what others' are about. */
function ownWords(cx: UserCx): Sql {
  return sql`with own as materialized (
    select distinct w collate "C" as word from (
      select t.title from ticket_participants m join tickets t on t.tenant_id = m.tenant_id and t.id = m.ticket_id
      where m.tenant_id = ${cx.tenant.id} and m.user_id = ${cx.actor.id}
      order by m.updated_at desc, m.ticket_id desc limit ${OWN_TICKETS}
    ) t cross join lateral unnest(search_kept(t.title)) w)`;
}

function nearest({ word, words }: Term, known: string[]): string[] {
  if (word.length < SHORTEST) return [];
  const most = word.length >= 8 ? 2 : 1;
  return known.filter((other) => !words.includes(other))
    .map((other) => ({ other, apart: distance(word, other, most) }))
    .filter(({ apart }) => apart <= most)
    .sort((a, b) => a.apart - b.apart)
    .slice(0, TAKEN)
    .map(({ other }) => other);
}

/** The optimal string alignment distance of two words; `most + 1` for anything larger than `most`. */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, before[j - 2]! + 1);
      }
      row.push(least);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return Math.min(last[b.length]!, most + 1);
}
