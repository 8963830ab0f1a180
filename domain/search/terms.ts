import { sql } from "@/db/sql.ts";
import { ticketVisibility } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";

/** One word of a search, with the words of the index that it stands for. */
export interface Term {
  /** As it was typed, folded. */
  word: string;
  /** Whether words that begin with it are meant too: so for the last one. */
  begins: boolean;
  /** What is looked up in texts: one of these has to be there. */
  words: string[];
  /** The same for titles, whose beginnings are in the index themselves. */
  inTitle: string[];
  /** How many entries of the index they have, counted up to {@link MANY}, or to {@link COMPARED} where they
   * are compared with other words or with what the actor may see. */
  found: number;
  /** Whether that is all of them. */
  counted: boolean;
}

/** A word with so many entries is common: of those tickets only the newest are looked at. */
export const MANY = 500;
/** Several words are counted further: the rarest is to lead, and a common one in its place costs ten times as much. */
const COMPARED = 4000;
/** Words of a search beyond these say nothing that the first ones didn't. */
const MOST_TERMS = 8;
/** Words that begin like the last one, at most. */
const MOST_BEGUN = 20;

/**
 * The words of a search, each with its entries in the index; none for a text without letters and digits.
 *
 * @param q what was typed; its last word counts as a beginning
 */
export async function readTerms(cx: UserCx, q: string): Promise<Term[]> {
  const compares = ticketVisibility(cx.tenant, cx.actor).kind !== "all";
  // The walk from word to word takes one look in the index for each, however many tickets have it.
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
