import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { parseKey } from "@/domain/tickets/model/formatting.ts";
import { fieldsFor, rarestOf, tiersOf } from "./candidates.ts";
import { MANY, readTerms, type Term } from "./terms.ts";

/** The numbers where these are few; otherwise the words, to be looked up for each ticket. Neither for no filter. */
export interface Match {
  numbers?: number[];
  terms?: Term[];
}

/** Whoever may see the tickets. A ticket's key isn't a text. */
export async function matchText(cx: UserCx, q: string | undefined): Promise<Match> {
  if (q === undefined || parseKey(q) !== null) return {};
  const terms = await readTerms(cx, q);
  if (terms.length === 0 || terms.some(({ found }) => found === 0)) return { numbers: [] };
  const rarest = rarestOf(terms);
  if (rarest.found >= MANY) return { terms };
  const numbers = await withWord(cx, rarest);
  return { numbers: terms.length === 1 ? numbers : [...(await tiersOf(cx, terms, numbers)).keys()] };
}

async function withWord(cx: UserCx, { words, inTitle }: Term): Promise<number[]> {
  const rows = await cx.db.rows<{ number: number }>(sql`
    select distinct p.number from search_postings p where p.tenant_id = ${cx.tenant.id}
      and p.word = any(${[...new Set([...words, ...inTitle])]}::text[]) and p.field = any(${
    fieldsFor(cx)
  }::smallint[])`);
  return rows.map(({ number }) => number);
}
