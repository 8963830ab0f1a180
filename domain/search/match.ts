import { sql } from "@/db/sql.ts";
import { ticketVisibility } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import {
  fieldsFor,
  findCandidates,
  isSimple,
  MOST_OWN,
  newestWith,
  ownNumbers,
  rarestOf,
  seenOf,
  tiersOf,
  withUnit,
} from "./candidates.ts";
import { parseQuery, type Query } from "./query.ts";
import { withSimilar } from "./similar.ts";
import { MANY, readUnits, type Term, type Unit } from "./terms.ts";

/** With fewer hits of one word, similar words are searched too; of several words, with none. */
const FEW = 3;
/** Of each rare word, where no ticket has all words. */
const LOOKED_AT = 200;
const MOST_PARTLY = 20;
const MOST_SIMILAR = 20;

export interface Ranked {
  /** The ticket that was named, then those with all words, then similar spellings, then those with some words. */
  numbers: number[];
  /** With all words as they were typed. */
  exact: Set<number>;
  /** Those of similar spellings; they and the rest were found by `wider`. */
  similar: Set<number>;
  wider: Unit[];
}

/** The best `most` tickets, the best first. The ticket that was named may be one that the actor may not see. */
export async function rank(cx: UserCx, query: Query, units: Unit[], most: number): Promise<Ranked> {
  const exact = await findCandidates(cx, units, most);
  const few = isSimple(units) ? FEW : 1;
  const wider = exact.length < few && query.number === null ? await withSimilar(cx, units) : null;
  const similar = wider ? await findCandidates(cx, wider, MOST_SIMILAR) : [];
  const none = exact.length + similar.length === 0;
  const partly = none ? await findPartly(cx, wider ?? units) : [];
  const named = query.number === null ? [] : [query.number];
  return {
    numbers: [...new Set([...named, ...exact, ...similar, ...partly])],
    exact: new Set(exact),
    similar: new Set(similar),
    wider: wider ?? units,
  };
}

/** Those with the most words come first, with a third of them at least. A common word alone finds nothing. */
async function findPartly(cx: UserCx, units: Unit[]): Promise<number[]> {
  if (units.length < 2) return [];
  const own = ticketVisibility(cx.tenant, cx.actor).kind === "own";
  const known = own ? units : units.filter(({ lead }) => lead.found > 0);
  const rare = known.filter(({ lead }) => lead.found < MANY);
  const numbers = own
    ? await ownNumbers(cx)
    : (await Promise.all(rare.map(({ lead }) =>
      newestWith(cx, [...new Set([...lead.words, ...lead.inTitle])], {
        fields: fieldsFor(cx),
        most: LOOKED_AT,
      })
    ))).flat();
  const score = new Map<number, number>();
  for (const having of await Promise.all(known.map((unit) => withUnit(cx, unit, [...new Set(numbers)])))) {
    // A word in the title breaks ties.
    for (const [number, tier] of having) {
      score.set(number, (score.get(number) ?? 0) + 100 + (tier === 0 ? 1 : 0));
    }
  }
  const least = 100 * Math.ceil(units.length / 3);
  const best = [...score].filter(([, points]) => points >= least).sort(([a, i], [b, j]) => j - i || b - a);
  return await seenOf(cx, best.map(([number]) => number), MOST_PARTLY);
}

/** The numbers where these are few; otherwise the words, to be looked up for each ticket. Neither for no filter. */
export interface Match {
  numbers?: number[];
  units?: Unit[];
}

/**
 * What a search finds, as a filter: the same tickets, and beyond the best all that have all words. Whoever may see them.
 * @param exactly without similar spellings and tickets that lack a word
 */
export async function matchText(cx: UserCx, q: string | undefined, exactly = false): Promise<Match> {
  if (q === undefined) return {};
  const query = parseQuery(q);
  const units = await readUnits(cx, query);
  const named = query.number === null ? [] : [query.number];
  const own = ticketVisibility(cx.tenant, cx.actor).kind === "own" &&
    (await ownNumbers(cx)).length < MOST_OWN;
  const whole = own ? await findCandidates(cx, units, MOST_OWN) : await withAll(cx, units);
  if (whole === null && named.length === 0) return { units };
  const exact = whole ?? await findCandidates(cx, units, MANY);
  // Of those that the actor may not see none counts: hits that depend on them would tell of them.
  const enough = exact.length >= FEW && ticketVisibility(cx.tenant, cx.actor).kind === "all";
  const others = exactly || enough ? [] : (await rank(cx, query, units, FEW)).numbers;
  return { numbers: [...new Set([...named, ...exact, ...others])] };
}

/** Null where all words are common. */
async function withAll(cx: UserCx, units: Unit[]): Promise<number[] | null> {
  if (units.length === 0 || units.some(({ lead }) => lead.found === 0)) return [];
  const rarest = rarestOf(units);
  if (rarest.found >= MANY) return null;
  const numbers = await withWord(cx, rarest);
  return isSimple(units) ? numbers : [...(await tiersOf(cx, units, numbers)).keys()];
}

async function withWord(cx: UserCx, { words, inTitle }: Term): Promise<number[]> {
  const rows = await cx.db.rows<{ number: number }>(sql`
    select distinct p.number from search_postings p where p.tenant_id = ${cx.tenant.id}
      and p.word = any(${[...new Set([...words, ...inTitle])]}::text[]) and p.field = any(${
    fieldsFor(cx)
  }::smallint[])`);
  return rows.map(({ number }) => number);
}
