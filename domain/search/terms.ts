import { sql } from "@/db/sql.ts";
import { isStaff, ticketVisibility } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import type { Piece, Query } from "./query.ts";

/** A word of a search, with the words of the index that it stands for. */
export interface Term {
  word: string;
  /** Whether it may be a beginning: so for the last one. */
  begins: boolean;
  /** Of a telephone number; empty for a word. */
  digits: string[];
  /** Any of these must be in the text. */
  words: string[];
  /** The same for titles, whose beginnings are in the index. */
  inTitle: string[];
  /** How many entries the index has, up to {@link MANY} or {@link COMPARED}. */
  found: number;
  counted: boolean;
}

/** A piece of a search: a ticket has it when it has all terms of one of the alternatives. */
export interface Unit {
  alternatives: Term[][];
  /** The rarest term of each alternative. */
  lead: Term;
}

/** Of words with so many entries only the newest tickets are looked at. */
export const MANY = 500;
/** Several words are counted further, so that the rarest leads: a common one would cost ten times as much. */
const COMPARED = 4000;
const MOST_TERMS = 12;
const MOST_OF_PIECE = 8;
/** Of words that begin with one, and of words that have one within. */
const MOST_WORDS = 20;

/** None for a text without letters and digits. The last word may be a beginning. */
export async function readUnits(cx: UserCx, query: Query): Promise<Unit[]> {
  const drafts = await draft(cx, query.pieces);
  const flat = drafts.flat(2);
  if (flat.length === 0) return [];
  const most = flat.length > 1 || ticketVisibility(cx.tenant, cx.actor).kind !== "all" ? COMPARED : MANY;
  const found = await lookUp(cx, flat, most);
  const terms = new Map(flat.map((one, i) => {
    const { word, begins, digits } = one;
    const row = found[i]!;
    return [one, { word, begins, digits, ...row, counted: row.found < most }];
  }));
  return drafts.map((alternatives) => toUnit(alternatives.map((all) => all.map((one) => terms.get(one)!))));
}

/** The terms that a text must have all of, and how each is found. */
export function allTerms(units: Unit[]): Term[] {
  return units.flatMap(({ alternatives }) => alternatives[0]!);
}

export function toUnit(alternatives: Term[][]): Unit {
  const rarest = alternatives.map((terms) => terms.toSorted((a, b) => a.found - b.found)[0]!);
  const found = rarest.reduce((sum, term) => sum + term.found, 0);
  const lead = rarest.length === 1 ? rarest[0]! : {
    ...rarest[0]!,
    words: rarest.flatMap(({ words }) => words),
    inTitle: rarest.flatMap(({ inTitle }) => inTitle),
    found,
    counted: rarest.every(({ counted }) => counted),
  };
  return { alternatives, lead };
}

interface Draft {
  word: string;
  begins: boolean;
  digits: string[];
  same: string[];
  beginnings: string[];
  within: string[];
}

async function draft(cx: UserCx, pieces: Piece[]): Promise<Draft[][][]> {
  const texts = pieces.flatMap(({ text, spelledOut }) => [text, spelledOut ?? ""]);
  const rows = await cx.db.rows<{ n: number; word: string }>(sql`
    select t.n::int - 1 as n, w.word from unnest(${texts}::text[]) with ordinality t(text, n)
    cross join lateral search_words(t.text, false) w order by t.n, w.place`);
  const wordsOf = (n: number) => [...new Set(rows.filter((row) => row.n === n).map(({ word }) => word))];
  const drafts: Draft[][][] = [];
  let left = MOST_TERMS;
  for (const [i, { text, digits }] of pieces.entries()) {
    const words = wordsOf(2 * i).slice(0, Math.min(left, MOST_OF_PIECE));
    if (words.length === 0) continue;
    left -= words.length;
    const spelled = wordsOf(2 * i + 1);
    const last = i === pieces.length - 1;
    const all = words.map((word, n) => {
      const also = spelled.length === words.length ? spelled[n]! : word;
      return draftOf(word, { also, begins: last && n === words.length - 1 });
    });
    const other = digits.length > 0 ? draftOfPhone(text, digits) : joined(text, words, last);
    drafts.push(other ? [all, [other]] : [all]);
  }
  return drafts;
}

function draftOf(word: string, { also, begins }: { also: string; begins: boolean }): Draft {
  // As in `Mueller` for Müller; shorter words would be others.
  const plain = word.length >= 5 ? word.replaceAll(/(?<=[aou])e/g, "").replaceAll("aa", "a") : word;
  const spellings = [...new Set([word, also, plain])];
  const number = word.replace(/^0+(?=\d)/, "");
  return {
    word,
    begins,
    digits: [],
    same: [...new Set([...spellings, number])],
    beginnings: begins ? spellings : [],
    within: /^\p{L}{4,}$/u.test(word) ? spellings : [],
  };
}

function draftOfPhone(text: string, digits: string[]): Draft {
  const words = digits.map((number) => `+${number}`);
  return { word: text, begins: false, digits, same: words, beginnings: words, within: [] };
}

/** `Wi-Fi` may be written as one word, as `COVID-19` may. */
function joined(text: string, words: string[], begins: boolean): Draft | null {
  if (words.length < 2 || !/^[\p{L}\p{N}]+(?:\p{Pd}[\p{L}\p{N}]+)+$/u.test(text)) return null;
  if (!/\p{L}/u.test(text)) return null;
  const word = words.join("");
  return word.length > 40 ? null : draftOf(word, { also: word, begins });
}

/** Each step from word to word is one lookup in the index, however many tickets have it. */
async function lookUp(
  cx: UserCx,
  drafts: Draft[],
  most: number,
): Promise<{ words: string[]; inTitle: string[]; found: number }[]> {
  const lists = (pick: (one: Draft) => string[]) => drafts.map((one) => pick(one).join(" "));
  const carets = drafts.map(({ word, begins }) =>
    begins && word.length >= 2 && word.length <= 4 ? `^${word}` : ""
  );
  // Internal words are for staff: others would read past them, row by row.
  const kinds = isStaff(cx.actor.role) ? [false, true] : [false];
  return await cx.db.rows<{ words: string[]; inTitle: string[]; found: number }>(sql`
    with asked as (
      select a.n, string_to_array(a.same, ' ') as same, string_to_array(a.beginnings, ' ') as beginnings,
        string_to_array(a.within, ' ') as within, string_to_array(a.caret, ' ') as caret
      from unnest(${lists(({ same }) => same)}::text[], ${lists(({ beginnings }) => beginnings)}::text[],
        ${
    lists(({ within }) => within)
  }::text[], ${carets}::text[]) with ordinality a(same, beginnings, within, caret, n)
    ), terms as materialized (
      select n, caret, same || array(
          select b.word from unnest(beginnings) x(word) cross join lateral (
            with recursive begun(word) as (
              (select p.word from search_postings p where p.tenant_id = ${cx.tenant.id}
                and p.word > x.word collate "C" and p.word < x.word || chr(1114111) collate "C"
                order by p.word limit 1)
              union all
              select (select p.word from search_postings p where p.tenant_id = ${cx.tenant.id}
                and p.word > begun.word and p.word < x.word || chr(1114111) collate "C"
                order by p.word limit 1)
              from begun where begun.word is not null
            )
            select begun.word from begun where begun.word is not null limit ${MOST_WORDS}) b
        ) || array(
          select p.word from unnest(within) x(word) cross join unnest(${kinds}::boolean[]) k(internal) cross join lateral (
            select p.word from search_parts p where p.tenant_id = ${cx.tenant.id} and p.internal = k.internal
              and p.part >= x.word collate "C" and p.part < x.word || chr(1114111) collate "C" and p.part <> p.word
            order by p.part limit ${MOST_WORDS}) p
        ) as words
      from asked
    )
    select t.words, t.words || t.caret as "inTitle", (
        select count(*)::int from (
          select 1 from (select distinct word from unnest(t.words || t.caret) w(word)) u
          cross join lateral (
            select 1 from search_postings p where p.tenant_id = ${cx.tenant.id} and p.word = u.word limit ${most}
          ) entries limit ${most}
        ) counted
      ) as found
    from terms t order by t.n`);
}
