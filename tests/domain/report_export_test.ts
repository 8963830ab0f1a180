import { exportReport } from "@/domain/reports/export/mod.ts";
import { sendDownload } from "@/edge/download.ts";
import { formatValue } from "@/domain/reports/model/wording.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { readPdf, type Tag, tagsOf } from "@/tests/helpers/pdf_reader.ts";
import { agents, measureOf, nothing, volume } from "@/tests/helpers/report_results.ts";
import { withoutFormula } from "@/domain/shared/csv.ts";

async function textOf(result: ReportResult, format: "csv" | "json", part?: "comments"): Promise<string> {
  const bytes = await new Response(await exportReport(result, format, part).body()).bytes();
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

const comments = [
  {
    ...{ ticketKey: "INC-1001", score: 5, text: '=HYPERLINK(1)\r\n"quick"', at: "2026-07-01T22:30:00.000Z" },
    requester: "@Rita",
  },
  { ticketKey: "REQ-1002", score: 1, text: "Late, twice", at: "2026-11-02T08:00:00.000Z", requester: "Rob" },
];

Deno.test("a report as CSV has the result's numbers, unrounded, and one header row", async () => {
  const result = volume();
  const lines = (await textOf(result, "csv")).split("\r\n");
  assertEquals(
    lines[0],
    '\ufeffDay (Europe/Vienna),Partial,Created (tickets),"Created, previous period (tickets)",' +
      'Resolved (tickets),"Resolved, previous period (tickets)",Reopened (tickets),"Reopened, previous period (tickets)"',
  );
  const { key, values, previous } = result.rows[0]!;
  assertEquals(
    lines[1],
    `${key},No,${values.created},${previous!.created},${values.resolved},${
      previous!.resolved
    },${values.reopened},${previous!.reopened}`,
  );
  assertEquals(lines[30]!.startsWith("2026-11-30,Yes,"), true);
  // A row for each, no total, and a line end behind the last.
  assertEquals([lines.length, lines.at(-1)], [32, ""]);
  const names = agents(["Ana", "Łukasz"]);
  const rows = (await textOf(names, "csv")).split("\r\n");
  assert(rows[0]!.startsWith("\ufeffAgent key,Agent,Assigned (tickets)"), rows[0]);
  assert(rows[2]!.startsWith(`${names.rows[1]!.key},Łukasz,`));
  assert(rows[2]!.endsWith(`64.75,50,${2 + 1 / 3}`), rows[2]);
  assert(rows[1]!.includes(",61.25,,"), "no value is an empty cell");
  const weeks = (await textOf(volume({ interval: "week", compared: false }), "csv")).split("\r\n");
  assertEquals(
    weeks[0],
    "\ufeffWeek of (Europe/Vienna),Last day (Europe/Vienna),Partial,Created (tickets),Resolved (tickets),Reopened (tickets)",
  );
  assert(weeks[1]!.startsWith("2026-11-01,2026-11-01,No,"), weeks[1]);
});

Deno.test("CHK-26 names and comments of a report become no formulas; negative numbers stay numbers", async () => {
  const names = ["=1+1", "+1", "-1", "@x", "＝1", "\t=1", "\r\n=1", "a=1"];
  const result = { ...agents(names), measures: [measureOf("assigned", "=Assigned")] };
  result.rows[0] = { ...result.rows[0]!, values: { assigned: -2.5 } };
  const csv = await textOf(result, "csv");
  assert(csv.startsWith("\ufeffAgent key,Agent,'=Assigned (tickets)\r\n"), csv);
  assert(csv.includes(",'=1+1,-2.5\r\n"), csv);
  for (const name of names.slice(0, 5)) assert(csv.includes(`,'${name},`), name);
  assert(csv.includes(`,"'\r\n=1",`) && csv.includes(",'\t=1,") && csv.includes(",a=1,"), csv);
  const said = await textOf({ ...volume(), name: "satisfaction", comments }, "csv", "comments");
  assertEquals(
    said,
    "\ufeffTicket,Score,Comment,Requester,Rated (Europe/Vienna)\r\n" +
      `INC-1001,5,"'=HYPERLINK(1)\r\n""quick""",'@Rita,2026-07-02T00:30:00+02:00\r\n` +
      'REQ-1002,1,"Late, twice",Rob,2026-11-02T09:00:00+01:00\r\n',
  );
  assertEquals(withoutFormula("\u200b\u00a0＋1"), "'\u200b\u00a0＋1");
  const long = `${" ".repeat(64 * 1024)}x`;
  const began = performance.now();
  assertEquals(withoutFormula(long), long);
  assert(performance.now() - began < 100, "CHK-35 linear");
});

Deno.test("a report as JSON is its definition, the filters as applied, and all numbers", async () => {
  const result = { ...volume(), comments };
  const read = JSON.parse(await textOf(result, "json"));
  assertEquals(read, JSON.parse(JSON.stringify(result)));
  const { fileName, contentType } = exportReport(result, "json");
  assertEquals([fileName, contentType], ["servicehub-volume-2026-11-01-2026-11-30.json", "application/json"]);
  const named = exportReport(result, "csv", "comments");
  assertEquals(named.fileName, "servicehub-volume-comments-2026-11-01-2026-11-30.csv");
  const more = await textOf({ ...result, commentCount: 1_234 }, "csv", "comments");
  assertEquals(
    more.split("\r\n")[0],
    '\ufeffTicket,Score,"Comment (the newest 2 of 1,234)",Requester,Rated (Europe/Vienna)',
  );
  const all = await textOf({ ...result, commentCount: 2 }, "csv", "comments");
  assert(all.startsWith("\ufeffTicket,Score,Comment,Requester,"), all);
});

async function pdfOf(result: ReportResult) {
  const { body, contentType, fileName } = exportReport(result, "pdf");
  assertEquals(contentType, "application/pdf");
  assert(fileName.endsWith(".pdf"));
  return readPdf(await body() as Uint8Array);
}

/** Rows of the tables in a document, as what their cells say. */
function cellsOf(table: Tag): string[][] {
  return tagsOf(table, "TR").map(({ tags }) => tags.map(({ text }) => text.trimEnd().replaceAll("\n", "|")));
}

Deno.test("a report as PDF says the result's numbers in tagged tables, page by page", async () => {
  const result = volume();
  const pdf = await pdfOf(result);
  assertEquals(pdf.pages.map(({ text }) => /Page \d of \d/.exec(text)?.[0]), [
    "Page 1 of 3",
    "Page 2 of 3",
    "Page 3 of 3",
  ]);
  const [facts, table] = tagsOf(pdf.document, "Table");
  assertEquals(cellsOf(facts!), [
    ["Compared with", "2–31 October 2026 (the period before)"],
    ["Time zone", "Europe/Vienna"],
    ["By", "Day"],
    ["Queue", "Hardware, Network"],
    ["Priority", "High, Urgent"],
    ["Made by", "Mona Manager"],
    ["Made", "30 November 2026, 17:25 (Europe/Vienna)"],
    [
      "Progress",
      "This period is still under way. These are the numbers so far. What they are|compared with ends at the same time of day.",
    ],
    ["Incomplete", "Some intervals are cut short. They are marked."],
  ]);
  const rows = cellsOf(table!);
  const expected = [...result.rows, result.total].map((row) => [
    row.partial ? `${row.label} (incomplete)` : row === result.total ? "Total (so far)" : row.label,
    ...result.measures.map(({ name, unit }) => formatValue(row.values[name], unit)),
  ]);
  assertEquals(rows[0], ["Day", "Created", "Resolved", "Reopened"]);
  assertEquals(
    rows.slice(1).map((row) => row.map((cell) => cell.split("|")[0]!)),
    expected.map((row) => row.map((cell) => cell.replaceAll(/\s/g, " "))),
  );
  assertEquals(rows[1]![1]!.split("|")[1], `was ${result.rows[0]!.previous!.created}, −67%`);
  // The head comes again on the third page, and is heard once.
  assert(
    pdf.pages[2]!.text.startsWith("Day\nCreated\nResolved\nReopened\n"),
    pdf.pages[2]!.text.slice(0, 80),
  );
  assertEquals(tagsOf(table!, "TH").filter(({ scope }) => scope === "Column").length, 4);
  assertEquals(tagsOf(table!, "TH").filter(({ scope }) => scope === "Row").length, 31);
  const [figure] = tagsOf(pdf.document, "Figure");
  assert(
    /^Line chart by day\. Created: from 3 \(.*\) to 31 \(.*\)\. Resolved: /.test(figure!.alt!),
    figure!.alt,
  );
  assertEquals(tagsOf(pdf.document, "H1").map(({ text }) => text.trim()), ["Volume"]);
  assertEquals(tagsOf(pdf.document, "H2").map(({ text }) => text.trim()), [
    "The whole period",
    "Chart",
    "By day",
    "What the numbers mean",
  ]);
  const totals = tagsOf(pdf.document, "LBody").map(({ text }) => text.trim().split("\n"));
  assertEquals(totals[0], ["Created", "496", "was 502, −1%"]);
});

Deno.test("a report's PDF is what PDF/UA asks for: marked, named, in a language, with its own fonts", async () => {
  const pdf = await pdfOf({ ...volume(), madeBy: "A <b> & co" });
  assertEquals(pdf.document.type, "Document");
  assertEquals([pdf.catalog.Lang, pdf.catalog.MarkInfo, pdf.catalog.ViewerPreferences], [
    "en",
    { Marked: true },
    { DisplayDocTitle: true },
  ]);
  assert(pdf.metadata.includes("<pdfuaid:part>1</pdfuaid:part>"));
  assert(!/<b>|& co/.test(pdf.metadata), "the metadata is well-formed");
  assertEquals(pdf.info.Title, "Volume, 1–30 November 2026");
  // Everything is in a tag or an artifact.
  assertEquals(pdf.pages.map(({ untagged }) => untagged), pdf.pages.map(() => ""));
  assertEquals(pdf.fonts.map((name) => name.replace(/^\w+\+/, "")).sort(), ["DejaVuSans", "DejaVuSans-Bold"]);
  const again = exportReport(volume(), "pdf");
  assertEquals(await exportReport(volume(), "pdf").body(), await again.body());
});

Deno.test("a PDF is made when its body is asked for, and no more than two at once", async () => {
  let [started, ended, most] = [0, 0, 0];
  const watched = () => {
    const result = volume();
    let begun = false;
    return Object.defineProperty({ ...result }, "title", {
      get() {
        if (!begun) most = Math.max(most, ++started - ended);
        begun = true;
        return result.title;
      },
    });
  };
  const ask = async (method: string) => {
    const answer = await sendDownload(
      new Request("http://desk.test", { method }),
      exportReport(watched(), "pdf"),
    );
    ended++;
    return (await answer.bytes()).length;
  };
  assertEquals([await ask("HEAD"), started], [0, 0]);
  ended = 0;
  const sizes = await Promise.all(Array.from({ length: 5 }, () => ask("GET")));
  assertEquals([started, most, sizes.every((size) => size > 10_000)], [5, 2, true]);
});

Deno.test("names in any script: what the fonts have is text, what they lack a box and a note", async () => {
  const names = [
    ...["Αλέξανδρος Παπαδόπουλος-Κωνσταντινόπουλος", "Достоевский-Преображенский", "Łukasz Żółć fi µ μ Ω №"],
    ...[
      "山田太郎",
      "👩‍💻 Eve",
      "משה כהן",
      "محمد 12 عبد",
      "A\u202eB\u0000C",
      "e\u0301",
      "ﬁ \u2126",
      "x".repeat(300),
      "",
    ],
    // Every letter of the scripts that are promised.
    ..."\u0100-\u017f\u0370-\u03ff\u0400-\u04ff".match(/.-./gu)!.map((range) => {
      const [from, to] = [range.codePointAt(0)!, range.codePointAt(2)!];
      return Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i))
        .filter((one) => /\p{L}/u.test(one) && one.normalize("NFC") === one).join("");
    }),
  ];
  const pdf = await pdfOf(agents(names));
  const [, table] = tagsOf(pdf.document, "Table");
  const heads = tagsOf(table!, "TH").filter(({ scope }) => scope === "Row");
  const said = heads.map(({ text }) => text.replaceAll("\n", "").replaceAll(" ", ""));
  for (const at of [0, 1, 2, 10, 12, 13, 14]) {
    assertEquals([at, said[at]], [at, names[at]!.replaceAll(" ", "")]);
  }
  assertEquals([said[3], heads[3]!.actual], ["□□□□", "山田太郎"]);
  assertEquals([said[4], heads[4]!.actual], ["□□Eve", "👩‍💻 Eve"]);
  // Read in the order in which they are spoken, drawn in the other.
  assertEquals([heads[5]!.actual, heads[6]!.actual], ["משה כהן", "محمد 12 عبد"]);
  assertEquals([said[7], said[8], said[9]], ["ABC", "é", "fiΩ"]);
  const note = pdf.pages.map(({ text }) => text).join("");
  assert(
    /□ stands for characters[^]*U\+1F469, U\+1F4BB, U\+592A, U\+5C71, U\+7530/.test(note),
    note.slice(-600),
  );
  assert(!note.includes("\ufffd"), "every glyph has its character");
});

Deno.test("CHK-35 no text is too much for a PDF: long words, marks without end, halves of characters", async () => {
  const texts = ["x".repeat(64 * 1024), "e\u0301\u0302".repeat(10_000), "\u05d0\u0627".repeat(5_000)]
    .concat(
      "\ud800 \udc00",
      "\u0000\u202e",
      " ".repeat(64 * 1024),
      "क्षि ไทย 한국어 \u{1f468}\u200d\u{1f469}",
    );
  for (const text of texts) {
    const began = performance.now();
    const pdf = await pdfOf({
      ...volume(),
      comments: [{ ...comments[0]!, text }],
      madeBy: text.slice(0, 100),
    });
    assert(pdf.pages.length >= 3);
    assert(performance.now() - began < 5_000, `${performance.now() - began} ms`);
  }
});

Deno.test("many rows and measures, none, and long comments", async () => {
  const names = Array.from({ length: 60 }, (_, i) => `Agent ${i + 1}`);
  const result = agents(names);
  const pdf = await pdfOf(result);
  const [, first, second] = tagsOf(pdf.document, "Table");
  assertEquals([cellsOf(first!).length, cellsOf(second!).length], [62, 62]);
  assertEquals(cellsOf(second!)[60], ["Agent 60", "4 h 28 min", "25%", "5.33"]);
  assert(tagsOf(pdf.document, "Figure")[0]!.alt!.startsWith("Bar chart by agent."));
  assert(pdf.pages.some(({ text }) => text.includes("The first 20 of 60. The table has all of them.")));
  const empty = await pdfOf(nothing());
  assertEquals(tagsOf(empty.document, "Figure"), []);
  assert(empty.pages[1]!.text.includes("There is nothing to draw in this period."));
  assertEquals((await pdfOf({ ...nothing(), rows: [] })).pages.length, 2);
  const text = `${"A long comment with many words. ".repeat(400)}\n\nAnd its end.`;
  const said = await pdfOf({
    ...volume(),
    comments: [{ ...comments[0]!, text }, comments[1]!],
    commentCount: 1_234,
  });
  const whole = tagsOf(said.document, "P").map((tag) => tag.text.trim().replaceAll(/\s+/g, " "));
  assert(
    whole.includes("A long comment with many words. ".repeat(400).trim()) && whole.includes("And its end."),
  );
  assert(whole.includes("These are the newest 2 of 1,234."));
  assert(whole.includes("REQ-1002 · 1 of 5 · Rob · 2 November 2026, 09:00 (Europe/Vienna)"));
});
