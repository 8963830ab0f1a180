import { sql } from "@/db/sql.ts";
import { ticketVisibility } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";

/** A word of a search, with the words of the index that it stands for. */
export interface Term {
  word: string;
  /** Whether it may be a beginning: so for the last one. */
  begins: boolean;
  /** Any of these must be in the text. */
  words: string[];
  /** The same for titles, whose beginnings are in the index. */
  inTitle: string[];
  /** How many entries the index has, up to {@link MANY} or {@link COMPARED}. */
  found: number;
  counted: boolean;
}

/** Of words with so many entries only the newest tickets are looked at. */
export const MANY = 500;
/** Several words are counted further, so that the rarest leads: a common one would cost ten times as much. */
const COMPARED = 4000;
const MOST_TERMS = 8;
const MOST_BEGUN = 20;

/** None for a text without letters and digits. The last word may be a beginning. */
export async function readTerms(cx: UserCx, q: string): Promise<Term[]> {
  const compares = ticketVisibility(cx.tenant, cx.actor).kind !== "all";
  // Each step from word to word is one lookup in the index, however many tickets have it.
  const terms = await cx.db.rows<Omit<Term, "counted"> & Record<string, unknown>>(sql`
    with words as (
      select w.word, min(w.place) as place, bool_or(w.place = w.places) as last
      from (select word, place, max(place) over () as places from search_words(${q}, false)) w
      group by w.word order by 2 limit ${MOST_TERMS}
    ), terms as materialized (
      select word, place, last, case when not last then array[word] else array[word] || array(
          with recursive begun(word) as (
            (select p.word from search_postings p where p.tenant_id = ${cx.tenant.id}
              and p.word > words.word collate "C" and p.word < words.word || chr(1114111) collate "C"
              order by p.word limit 1)
            union all
            select (select p.word from search_postings p where p.tenant_id = ${cx.tenant.id}
              and p.word > begun.word and p.word < words.word || chr(1114111) collate "C"
              order by p.word limit 1)
            from begun where begun.word is not null
          )
          select begun.word from begun where begun.word is not null limit ${MOST_BEGUN}) end as words
      from words
    )
    select word, last as begins, words,
      case when last and length(word) between 2 and 4 then array[word, '^' || word] else words end as "inTitle", (
        select count(*)::int from (
          select 1 from unnest(case when last and length(word) between 2 and 4 then words || ('^' || word) else words end) u(word)
          cross join lateral (
            select 1 from search_postings p where p.tenant_id = ${cx.tenant.id} and p.word = u.word limit (select case when count(*) > 1 or ${compares}::boolean then ${COMPARED}::int else ${MANY}::int end from terms)
          ) entries limit (select case when count(*) > 1 or ${compares}::boolean then ${COMPARED}::int else ${MANY}::int end from terms)
        ) counted
      ) as found
    from terms order by place`);
  const most = terms.length > 1 || compares ? COMPARED : MANY;
  return terms.map((term) => ({ ...term, counted: term.found < most }));
}
