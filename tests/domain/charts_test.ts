import { type ComponentChild, h } from "preact";
import { renderToString } from "preact-render-to-string";
import { parseHTML } from "linkedom";
import { ReportChart } from "@/components/charts/ReportChart.tsx";
import { ReportTable } from "@/components/charts/ReportTable.tsx";
import { axisFor } from "@/components/charts/scale.ts";
import { Sparkline } from "@/components/charts/Sparkline.tsx";
import type { MeasureInfo, ReportResult, ReportRow, Values } from "@/domain/reports/model/types.ts";
import { ReportComments } from "@/routes/(app)/reports/(_components)/ReportComments.tsx";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { PAYLOADS } from "@/tests/helpers/xss_payloads.ts";

const measure = (
  name: string,
  unit: MeasureInfo["unit"] = "tickets",
  moreIs: MeasureInfo["moreIs"] = null,
) => ({
  name,
  label: name[0]!.toUpperCase() + name.slice(1),
  unit,
  moreIs,
  help: `What ${name} counts`,
});
const [created, resolved] = [measure("created", "tickets", "bad"), measure("resolved", "tickets", "good")];

const row = (key: string, values: Values, more: Partial<ReportRow> = {}): ReportRow => ({
  key,
  label: key,
  values,
  links: {},
  ...more,
});

/** Days from 1 January with values of `created`. */
const days = (...values: (number | null)[]) =>
  values.map((created, i) =>
    row(Temporal.PlainDate.from("2026-01-01").add({ days: i }).toString(), { created })
  );

const result = (more: Partial<ReportResult>): ReportResult => ({
  name: "volume",
  title: "Volume",
  question: "How many?",
  by: { name: "time", label: "Day" },
  sort: "key",
  measures: [created],
  headline: "created",
  chart: { kind: "line", measures: (more.measures ?? [created]).map(({ name }) => name) },
  filters: {
    period: {
      from: "2026-01-01",
      to: "2026-01-31",
      start: "2026-01-01T00:00:00Z",
      until: "2026-02-01T00:00:00Z",
    },
    preset: "custom",
    timeZone: "UTC",
    interval: "day",
    comparison: null,
    filter: {} as ReportResult["filters"]["filter"],
    lines: [],
  },
  rows: [],
  total: row("total", {}, { label: "Total" }),
  madeAt: "2026-02-01T00:00:00Z",
  madeBy: "Ana",
  organisation: "Acme",
  complete: true,
  partial: false,
  ...more,
});

const byQueue = (rows: ReportRow[], kind: ReportResult["chart"]["kind"] = "bars", measures = [created]) =>
  result({
    by: { name: "queue", label: "Queue" },
    measures,
    chart: { kind, measures: measures.map(({ name }) => name) },
    rows,
  });

function documentOf(node: ComponentChild) {
  return parseHTML(`<html><body>${renderToString(h("div", {}, node))}</body></html>`).document;
}
const chartOf = (data: ReportResult) => documentOf(h(ReportChart, { result: data }));
const tableOf = (data: ReportResult) =>
  documentOf(h(ReportTable, { result: data, sortHref: (by) => `?sort=${by}` }));
const texts = (document: Document, selector: string) =>
  [...document.querySelectorAll(selector)].map((one) => one.textContent!.replaceAll(/\s+/g, " ").trim());
const numbersIn = (document: Document) =>
  [...document.querySelectorAll("svg *")].flatMap((one) =>
    ["x", "y", "width", "height", "x1", "x2", "y1", "y2", "cx", "cy", "d"]
      .flatMap((name) => one.getAttribute(name)?.match(/-?\d+(\.\d+)?|NaN|Infinity|undefined|null/g) ?? [])
  );

Deno.test("an axis has round numbers in its unit, from zero to above the highest value", () => {
  const labels = (highest: number | null, unit: MeasureInfo["unit"]) =>
    axisFor([highest, null, undefined], unit).ticks.map(({ label }) => label);
  assertEquals(labels(0, "tickets"), ["0", "1"]);
  assertEquals(labels(null, "tickets"), ["0", "1"]);
  assertEquals(labels(1, "tickets"), ["0", "1"]);
  assertEquals(labels(3, "tickets"), ["0", "1", "2", "3"]);
  assertEquals(labels(73, "tickets"), ["0", "20", "40", "60", "80"]);
  assertEquals(labels(2_300_000, "tickets"), ["0", "500K", "1M", "1.5M", "2M", "2.5M"]);
  assertEquals(labels(42, "minutes"), ["0 min", "10 min", "20 min", "30 min", "40 min", "50 min"]);
  assertEquals(labels(50, "minutes"), ["0 min", "10 min", "20 min", "30 min", "40 min", "50 min"]);
  assertEquals(labels(130, "minutes"), ["0 min", "30 min", "1 h", "1 h 30 min", "2 h", "2 h 30 min"]);
  assertEquals(labels(590, "minutes"), ["0 min", "2 h", "4 h", "6 h", "8 h", "10 h"]);
  assertEquals(labels(93.5, "percent"), ["0%", "25%", "50%", "75%", "100%"]);
  assertEquals(labels(4.2, "score"), ["0", "1", "2", "3", "4", "5"]);
  for (const unit of ["tickets", "minutes", "percent", "score", "queues"] as const) {
    for (const highest of [0, 0.3, 1, 7, 59, 61, 299, 301, 100, 1e4, 1e9, Number.MAX_SAFE_INTEGER]) {
      const { ticks, at } = axisFor([highest], unit);
      assertEquals([ticks[0]!.at, ticks.at(-1)!.at], [0, 100]);
      assert(
        ticks.length <= 12 && new Set(ticks.map(({ label }) => label)).size === ticks.length,
        `${highest} ${unit}`,
      );
      // The labels are spread evenly by the stylesheet.
      ticks.forEach((tick, i) =>
        assert(Math.abs(tick.at - i * 100 / (ticks.length - 1)) < 0.01, `${highest} ${unit}`)
      );
      assertEquals([at(-5), at(0)], [0, 0]);
      assert(unit === "score" || at(highest) > 0 === highest > 0);
    }
  }
});

Deno.test("a chart is an image with a title and a description; every interval is reached and links to its tickets", () => {
  const rows = days(3, 7, 0);
  rows[1]!.links = { created: "/tickets?from=a&to=b" };
  const document = chartOf(result({ rows }));
  const image = document.querySelector('svg[role="img"]')!;
  const byId = (attribute: string) => document.getElementById(image.getAttribute(attribute)!)?.textContent;
  assertEquals(byId("aria-labelledby"), "Created by day");
  assertEquals(
    byId("aria-describedby"),
    "Line chart, 1 Jan 2026 to 31 Jan 2026. Created: highest 7 (2026-01-02), lowest 0 (2026-01-03). The table has all values.",
  );
  assertEquals(image.querySelectorAll("a, [tabindex]").length, 0);
  const stops = [...document.querySelectorAll(".chart-stop")];
  assertEquals(stops.map((stop) => stop.getAttribute("href") ?? stop.getAttribute("tabindex")), [
    "0",
    "/tickets?from=a&to=b",
    "0",
  ]);
  assertEquals(stops[1]!.getAttribute("aria-label"), "2026-01-02: Created 7");
  assertEquals(document.querySelectorAll("[style], style, script").length, 0);
});

Deno.test("several measures differ by mark, bars by texture, and the tooltip links each value", () => {
  const rows = [row("2026-01-01", { created: 3, resolved: 2 }, { links: { created: "/c", resolved: "/r" } })];
  const lines = chartOf(result({ measures: [created, resolved], rows }));
  const marks = [...lines.querySelectorAll(".chart-legend .chart-mark")].map((mark) =>
    mark.getAttribute("d")
  );
  assertEquals(new Set(marks).size, 2);
  assertEquals(texts(lines, ".chart-legend .chart-key"), ["Created", "Resolved"]);
  assertEquals([...lines.querySelectorAll(".chart-tip a")].map((a) => a.getAttribute("href")), ["/c", "/r"]);
  const bars = chartOf({ ...byQueue(rows, "stacked", [created, resolved]) });
  const texture = bars.querySelector("pattern")!.id;
  assertEquals(bars.querySelectorAll(`[fill="url(#${texture})"]`).length, 3);
});

Deno.test("null is a gap and never zero; a value between two gaps is marked alone", () => {
  const rows = days(...Array.from({ length: 70 }, (_, i) => i === 20 || i === 22 ? null : 5));
  const document = chartOf(result({ rows }));
  assertEquals(
    document.querySelector(".chart-drawing .chart-line:not(.is-previous)")!.getAttribute("d")!.match(/M/g)!
      .length,
    3,
  );
  assertEquals(document.querySelectorAll(".chart-drawing .chart-mark").length, 1);
  assert(texts(document, ".chart-note")[0]!.includes("Gaps have no value."));
  assertEquals(chartOf(result({ rows: days(null, null) })).querySelectorAll("svg").length, 0);
  assertEquals(texts(chartOf(result({ rows: [] })), ".chart-none"), [
    "Created by day: nothing to draw in this period.",
  ]);
});

Deno.test("what isn't complete is faded and said; the previous period is dashed and said", () => {
  const rows = days(3, 7, 5);
  rows.forEach((one) => one.previous = { created: 4 });
  rows[2]!.partial = true;
  const { filters } = result({});
  const comparison = { ...filters.period, from: "2025-12-01", to: "2025-12-31", kind: "previous" as const };
  const data = result({ rows, filters: { ...filters, comparison } });
  const document = chartOf(data);
  assertEquals(document.querySelectorAll(".chart-drawing .chart-mark.is-partial").length, 1);
  assertEquals(
    document.querySelector(".chart-drawing .chart-line.is-partial")!.getAttribute("d")!.match(/M/g)!.length,
    1,
  );
  assertEquals(texts(document, ".chart-note"), ["Faded: 2026-01-03 isn't complete."]);
  assertEquals(texts(document, ".chart-key")[1], "1 Dec 2025 – 31 Dec 2025");
  assert(document.querySelector(".chart-drawing .chart-line.is-previous")!.getAttribute("d")!.length > 5);
  const last = [...document.querySelectorAll(".chart-stop")].at(-1)!;
  assertEquals(last.getAttribute("aria-label"), "2026-01-03, not complete: Created 5, before 4");
  assert(texts(document, ".chart-tip-line")[2]!.endsWith("before 4 (+25%)"));
});

Deno.test("nothing, one, huge and negative values stay inside their drawing", () => {
  const cases = [[0], [0, 0, 0], [1], [1e15, 1, null], [-4, 3], Array.from({ length: 90 }, (_, i) => i)];
  for (const values of cases) {
    for (const kind of ["line", "bars", "stacked"] as const) {
      const chart = { kind, measures: ["created"] };
      const keyed = values.map((created, i) => row(`a rather long name of a queue, ${i}`, { created }));
      for (const data of [result({ rows: days(...values), chart }), byQueue(keyed, kind)]) {
        const document = chartOf(data);
        document.querySelectorAll(".chart-swatch, defs, svg[x] > path").forEach((one) => one.remove());
        const numbers = numbersIn(document).map(Number);
        assert(numbers.length > 0);
        assert(numbers.every((n) => n >= 0 && n <= 100.01), `${kind} ${values.slice(0, 4)}: ${numbers}`);
      }
    }
    const numbers = numbersIn(documentOf(h(Sparkline, { values, label: "Backlog" }))).map(Number);
    assert(numbers.every((n) => n >= 0 && n <= 100), `${values}`);
  }
  assertEquals(
    documentOf(h(Sparkline, { values: [], label: "Backlog" })).querySelectorAll("circle").length,
    0,
  );
});

Deno.test("bars lie when their names are long, and what has no room is said", () => {
  const short = byQueue(["Low", "High"].map((key) => row(key, { created: 1 })));
  assertEquals(chartOf(short).querySelectorAll(".chart-column").length, 2);
  const many = byQueue(Array.from({ length: 20 }, (_, i) => row(`Queue ${i}`, { created: i })));
  const document = chartOf(many);
  assertEquals(texts(document, ".chart-row-name").length, 15);
  assertEquals(texts(document, ".chart-row-name")[0], "Queue 5");
  assertEquals(texts(document, ".chart-note"), ["Drawn are the 15 largest; the table has 5 more by queue."]);
});

Deno.test("measures of different units are drawn apart", () => {
  const measures = [created, measure("share", "percent")];
  const document = chartOf(result({ measures, rows: [row("2026-01-01", { created: 3, share: 50 })] }));
  assertEquals(texts(document, "figure title"), ["Created by day", "Share by day"]);
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  assertEquals(new Set(ids).size, ids.length);
});

Deno.test("V1 names in charts and tables are text", () => {
  const rows = PAYLOADS.map((name, i) =>
    row(`${i}`, { created: 1, resolved: 1 }, { label: name, links: { created: "/tickets?a=1&b=2" } })
  );
  for (const kind of ["bars", "stacked", "line"] as const) {
    const data = byQueue(rows.slice(0, 15), kind, [created, { ...resolved, label: PAYLOADS[0]! }]);
    for (const document of [chartOf(data), tableOf(data)]) {
      assertEquals(
        document.querySelectorAll(
          "script, img, iframe, math, style, object, form, details, [onload], [onerror]",
        ).length,
        0,
      );
      const html = document.body.textContent!;
      for (const name of PAYLOADS.slice(0, 15)) assert(html.includes(name), name);
    }
  }
});

Deno.test("the table has a caption, sortable headings, linked numbers, changes in words and a total", () => {
  const rows = [
    row("2026-01-01", { created: 12, resolved: 5 }, {
      links: { created: "/c" },
      previous: { created: 10, resolved: 4 },
      partial: true,
    }),
    row("2026-01-02", { created: 0, resolved: null }, {
      links: { resolved: "/r" },
      previous: { created: 0, resolved: null },
    }),
  ];
  const total = row("total", { created: 1_212, resolved: 5 }, { label: "Total" });
  const data = result({ measures: [created, resolved], rows, total, sort: "-created" });
  const document = tableOf(data);
  assertEquals(texts(document, "caption"), ["Volume by day, 1 Jan 2026 to 31 Jan 2026"]);
  assertEquals(
    [...document.querySelectorAll("thead a")].map((a) => a.getAttribute("href")),
    ["?sort=key", "?sort=created", "?sort=-resolved"],
  );
  const order = (sort: string) =>
    [...tableOf({ ...data, sort }).querySelectorAll("thead th")].map((th) => th.getAttribute("aria-sort"));
  assertEquals(order("-created"), [null, "descending", null]);
  assertEquals(order("resolved"), [null, null, "ascending"]);
  assertEquals([order("key"), order("-key")], [["ascending", null, null], ["descending", null, null]]);
  assertEquals(texts(tableOf({ ...data, sort: "-key" }), "thead a[href='?sort=key']"), ["Day↓"]);
  assertEquals(texts(document, "tbody th"), ["2026-01-01not complete", "2026-01-02"]);
  assertEquals(texts(document, "tbody .report-value"), ["12+20%from 10", "5+25%from 4", "0±0%from 0", "–"]);
  assertEquals([...document.querySelectorAll("tbody td a")].map((a) => a.getAttribute("href")), ["/c"]);
  const icons = [...document.querySelectorAll("tbody [role=img]")];
  assertEquals(icons.map((icon) => icon.getAttribute("aria-label")), ["worse", "better"]);
  assertEquals(texts(document, "tfoot .report-value"), ["1,212", "5"]);
  assertEquals([texts(document, "tfoot th"), texts(tableOf({ ...data, partial: true }), "tfoot th")], [
    ["Total"],
    ["Totalso far"],
  ]);
});

Deno.test("the page has the newest comments, and says how many there are and where", () => {
  const comments = Array.from({ length: 30 }, (_, i) => ({
    ticketKey: `INC-${i}`,
    score: 4,
    text: "Thanks",
    at: "2026-01-01T00:00:00Z",
    requester: "Rita",
  }));
  const said = (length: number, count: number) => {
    const document = documentOf(h(ReportComments, { comments: comments.slice(0, length), count }));
    return [document.querySelectorAll("li").length, texts(document, "section > .hint")[0]];
  };
  assertEquals(said(20, 20), [20, undefined]);
  assertEquals(said(30, 30), [20, "These are the newest 20 of 30. “Comments as CSV” has all of them."]);
  assertEquals(said(30, 1_234), [
    20,
    "These are the newest 20 of 1,234. “Comments as CSV” has the newest 30 of 1,234.",
  ]);
});

Deno.test("chart colours stand out by 3:1 from every surface in both themes", async () => {
  const css = await Deno.readTextFile(new URL("../../styles/tokens.css", import.meta.url));
  const pair = (name: string) => {
    const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css)!;
    return [light!, dark!];
  };
  const luminance = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
      .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  for (const theme of [0, 1]) {
    for (let i = 1; i <= 6; i++) {
      for (const surface of ["surface", "raised"]) {
        const [low, high] = [`chart-${i}`, surface].map((name) => luminance(pair(name)[theme]!)).sort((
          a,
          b,
        ) => a - b);
        const contrast = (high! + 0.05) / (low! + 0.05);
        assert(contrast >= 3, `--chart-${i} on --${surface}: ${contrast}`);
      }
    }
  }
});
