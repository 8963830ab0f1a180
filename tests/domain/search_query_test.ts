/** What a search means, before any database is asked; and what is marked in what it found. */
import { findWords, marked, snippetOf } from "@/domain/search/highlight.ts";
import { parseQuery } from "@/domain/search/query.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { cpuTime } from "@/tests/helpers/cpu_time.ts";

Deno.test("a search names a ticket by its key, however it is pasted", () => {
  const named: [string, number | null, string[]][] = [
    ["INC-1001", 1001, ["INC-1001"]],
    ["inc-1001", 1001, ["inc-1001"]],
    ["[INC-1001]", 1001, ["INC-1001"]],
    ["Re: [INC-1001] Printer smokes", 1001, ["Printer", "smokes"]],
    ["AW: WG: [REQ-77] Zugang", 77, ["Zugang"]],
    ["Re[2]: INC-1001", 1001, ["INC-1001"]],
    ["INC\u20111001", 1001, ["INC-1001"]],
    ["INC–1001", 1001, ["INC-1001"]],
    ["INC\u22121001", 1001, ["INC-1001"]],
    ["ＩＮＣ－１００１", 1001, ["INC-1001"]],
    ["INC\u200b-\u00ad1001", 1001, ["INC-1001"]],
    ["INC 1001", 1001, ["INC-1001"]],
    ["INC1001", 1001, ["INC-1001"]],
    ["inc_1001", 1001, ["inc-1001"]],
    ["INC-0001001", 1001, ["INC-1001"]],
    ["#1001", 1001, ["#1001"]],
    ["1001", 1001, ["1001"]],
    ["https://desk.example/tickets/INC-1001#comment-2", 1001, ["INC-1001"]],
    ["<https://desk.example/tickets/inc-1001?from=mail> toner", 1001, ["toner"]],
    ["toner #1001", 1001, ["toner", "#1001"]],
    ["toner (INC-1001).", 1001, ["toner"]],
    ["printer 1001", null, ["printer", "1001"]],
    ["PRINC-1001", null, ["PRINC-1001"]],
    ["INC-1001a", null, ["INC-1001a"]],
    ["include 5", null, ["include", "5"]],
    ["Re: Toner", null, ["Toner"]],
    ["!!!", null, []],
    ["[]", null, []],
  ];
  for (const [q, number, pieces] of named) {
    const query = parseQuery(q);
    assertEquals([q, query.number, query.pieces.map(({ text }) => text)], [q, number, pieces]);
  }
});

Deno.test("a search knows a telephone number by its digits", () => {
  const numbers: [string, string[]][] = [
    ["030901820", ["30901820"]],
    ["901820", ["901820"]],
    ["030/901820-0", ["309018200"]],
    ["+49 (0)30 901820-0", ["49309018200", "9309018200", "309018200", "09018200"]],
    ["0049 30 9018200", ["49309018200", "9309018200", "309018200", "09018200"]],
    ["(555) 867-5309", ["5558675309"]],
    ["4711", []],
  ];
  for (const [q, digits] of numbers) assertEquals([q, parseQuery(q).pieces[0]!.digits], [q, digits]);
  assertEquals(parseQuery("Müller 030 901820 Berlin").pieces.map(({ text }) => text), [
    "Müller",
    "030 901820",
    "Berlin",
  ]);
});

/** The parts of a text that are marked for words that are sought as they stand. */
function marks(text: string, ...words: string[]): string[] {
  const sought = words.map((word) => ({ word, begins: true, digits: [], words: [word] }));
  return marked(text, sought).ranges.map(({ start, end }) => text.slice(start, end));
}

Deno.test("what was found is marked as it is written", () => {
  assertEquals(marks("Im Server\u00adraum und im Server\u200braum", "serverraum"), [
    "Server\u00adraum",
    "Server\u200braum",
  ]);
  assertEquals(marks("Łódź, Søren, Đặng, ÆTHER, ﬁle", "lodz", "soren", "dang", "aether", "file"), [
    "Łódź",
    "Søren",
    "Đặng",
    "ÆTHER",
    "ﬁle",
  ]);
  assertEquals(marks("Gerät 000417, nicht 4170", "417"), ["000417", "4170"]);
  const text = "Ruf +49 (0)30 901820-0 an";
  const { ranges } = findWords(text, [{ word: "", begins: false, digits: ["30901820"], words: [] }]);
  assertEquals(ranges.map(({ start, end }) => text.slice(start, end)), ["+49 (0)30 901820-0"]);
});

Deno.test("V4 marking costs what a text is long, whatever stands in it", () => {
  const sought = ["printer", "smokes", "kingfisher"].map((word) => ({
    word,
    begins: true,
    digits: ["30901820"],
    words: [word],
  }));
  const cost = (text: string) => cpuTime(() => void snippetOf(text, sought));
  const ordinary = cost("The printer on the third floor jams since Monday. ".repeat(160));
  const texts = [
    "\u0301\u0327".repeat(4000),
    `printer${"\u0301\u0327".repeat(4000)}`,
    "\u0f71\u0f74\u0f80".repeat(2700),
    "a\u0301 ".repeat(2700),
    "ﷺ".repeat(8000),
    "ä ".repeat(4000),
    "1-".repeat(4000),
    "+".repeat(8000),
    "(0)".repeat(2700),
    "\u00ad".repeat(8000),
    "打印机".repeat(2700),
    "x".repeat(8000),
  ];
  for (const text of texts) {
    const took = cost(text);
    assert(
      took <= Math.max(10 * ordinary, 30),
      `${took} ms for ${JSON.stringify(text.slice(0, 6))}, of prose ${ordinary} ms`,
    );
  }
});
