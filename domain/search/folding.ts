/** Accents of alphabets, and what can't be seen: the index knows neither. */
const UNSEEN =
  /[\u00b7\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\ufdfa-\ufdfb\p{Default_Ignorable_Code_Point}]+/gu;
/** More than UAX #15 allows: to put them in order takes the square of their number. */
const LONG_RUN = /\p{M}{31,}/gu;

/** Letters that Unicode doesn't decompose, as CLDR's Latin-ASCII spells them; `search_folded` has the same. */
const SPELLED = new Map([
  ["ß", "ss"],
  ["ς", "σ"],
  ["æ", "ae"],
  ["þ", "th"],
  ["œ", "oe"],
  ["ƕ", "hv"],
]);
const LETTERS = "ðøđħıĸłŋŧƀɓƃƈɖɗƌɛƒɠɨƙƚɲƞƥƭʈʋƴƶǥⱥȼɇɉɍɏɟɡɫʉʂʐɔəɵ";
const PLAIN = "dodhiqlntbbbcdddefgiklnnpttvyzgacejryjgluszoeo";
for (const [i, letter] of [...LETTERS].entries()) SPELLED.set(letter, PLAIN[i]!);
const UNDECOMPOSED = new RegExp(`[${[...SPELLED.keys()].join("")}]`, "gu");

/** As the index compares text: without case, accents and what can't be seen. */
export function folded(text: string): string {
  // deno-lint-ignore no-control-regex -- the fast way for plain ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return text.replaceAll(UNSEEN, "").replaceAll(LONG_RUN, "").normalize("NFKD").replaceAll(UNSEEN, "")
    .toUpperCase()
    .toLowerCase().replaceAll(UNDECOMPOSED, (letter) => SPELLED.get(letter)!).normalize("NFKC");
}
