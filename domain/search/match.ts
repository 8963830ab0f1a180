import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { parseKey } from "@/domain/tickets/model/formatting.ts";
import { fieldsFor, rarestOf, tiersOf } from "./candidates.ts";
import { MANY, readTerms, type Term } from "./terms.ts";

/**
 * What a text filter holds: every ticket with its words, by number, where they are few; else the words themselves, to
 * be looked up for each ticket of a list that is read in its own order. Neither where nothing is filtered.
 */
export interface Match {
  numbers?: number[];
  terms?: Term[];
}

/**
 * Finds what a list is cut to by a text, whoever may see it: the list keeps to the actor's scope.
 *
 * @param q the text; a ticket's key is no text, lists look that up by themselves
 */
export async function matchText(cx: UserCx, q: string | undefined): Promise<Match> {
  if (q === undefined || parseKey(q) !== null) return {};
  const terms = await readTerms(cx, q);
  if (terms.length === 0 || terms.some(({ found }) => found === 0)) return { numbers: [] };
  const rarest = rarestOf(terms);
  if (rarest.found >= MANY) return { terms };
  const numbers = await withWord(cx, rarest);
  return { numbers: terms.length === 1 ? numbers : [...(await tiersOf(cx, terms, numbers)).keys()] };
}

/** Every ticket with a word that isn't common. */
async function withWord(cx: UserCx, { words, inTitle }: Term): Promise<number[]> {
  const rows = await cx.db.rows<{ number: number }>(sql`
    select distinct p.number from search_postings p where p.tenant_id = ${cx.tenant.id}
      and p.word = any(${[...new Set([...words, ...inTitle])]}::text[]) and p.field = any(${
    fieldsFor(cx)
  }::smallint[])`);
  return rows.map(({ number }) => number);
}
