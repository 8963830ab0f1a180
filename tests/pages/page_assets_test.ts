import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { type PageAnswer, PageClient } from "@/tests/helpers/browser_client.ts";
import { openDesk } from "@/tests/helpers/desk.ts";
import { furnish, ROLE_NAMES } from "@/tests/helpers/organisations.ts";
import { addressOf, placeholders, screens } from "@/tests/helpers/screens.ts";

/** The most JavaScript that a page may load, gzipped. */
const MOST_BYTES = 60_000;

const desk = await openDesk({ DEV_PAGES: "on" });
Deno.test.afterAll(() => desk[Symbol.asyncDispose]());
const organisation = await furnish(desk, "Harbour Works");
const values = await placeholders(organisation);
const readers = new Map([["nobody", new PageClient(desk)]]);
for (const role of ROLE_NAMES) readers.set(role, await PageClient.signedIn(organisation.people[role]));

/** Every page that is shown to somebody: screens, whoever may open them or not, and pages of errors. */
const shown: { name: string; role: string; page: PageAnswer }[] = [
  { name: "/v1/docs", role: "nobody", page: await readers.get("nobody")!.get("/v1/docs") },
  { name: "POST /theme", role: "AGENT", page: await readers.get("AGENT")!.post("/theme", { theme: "pink" }) },
];
for (const screen of (await screens()).filter(({ methods }) => methods.has("GET"))) {
  for (const [role, reader] of readers) {
    const page = await reader.get(addressOf(screen, values));
    if (page.headers.get("content-type")?.startsWith("text/html") && page.location === null) {
      shown.push({ name: screen.path, role, page });
    }
  }
}

async function sizeGzipped(text: string): Promise<number> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).length;
}

/** A script's own size, and the addresses of those that it can't start without. */
interface Script {
  bytes: number;
  imports: string[];
}

const scripts = new Map<string, Promise<Script>>();

function load(href: string): Promise<Script> {
  const known = scripts.get(href) ?? read(href);
  scripts.set(href, known);
  return known;
}

async function read(href: string): Promise<Script> {
  const response = await desk.fetch(new Request(href));
  assertEquals([href, response.status], [href, 200]);
  const text = await response.text();
  return { bytes: await sizeGzipped(text), imports: importsOf(text, href) };
}

function importsOf(text: string, base: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*["']([^"']+)["']/g)].map(([, to]) =>
    new URL(to!, base).href
  );
}

/** Every script that a page and its islands load, through imports of imports. */
async function scriptsOf({ document, headers, path }: PageAnswer): Promise<Map<string, number>> {
  const base = new URL(path, desk.config.PUBLIC_URL).href;
  const elements = [...document.querySelectorAll("script[src], link[rel=modulepreload]")];
  const waiting = [
    ...elements.map((element) => element.getAttribute("src") ?? element.getAttribute("href")!),
    ...[...(headers.get("link") ?? "").matchAll(/<([^>]+)>[^,]*\bmodulepreload\b/g)].map(([, to]) => to!),
    ...[...document.querySelectorAll("script[type=module]")].flatMap((inline) =>
      importsOf(inline.textContent ?? "", base)
    ),
  ].map((to) => new URL(to, base).href);
  const found = new Map<string, number>();
  for (let href = waiting.shift(); href; href = waiting.shift()) {
    if (found.has(href)) continue;
    const { bytes, imports } = await load(href);
    found.set(href, bytes);
    waiting.push(...imports);
  }
  return found;
}

Deno.test("Every page loads at most 60 kB of JavaScript, gzipped", async () => {
  const sizes = new Map<string, number>();
  for (const { name, page } of shown) {
    const bytes = [...(await scriptsOf(page)).values()].reduce((sum, one) => sum + one, 0);
    sizes.set(name, Math.max(sizes.get(name) ?? 0, bytes));
  }
  const table = [...sizes].sort((a, b) => b[1] - a[1]);
  const lines = table.map(([name, bytes]) => `${(bytes / 1000).toFixed(1).padStart(6)} kB  ${name}`);
  // deno-lint-ignore no-console
  console.log(lines.join("\n"));
  assertEquals(table.filter(([, bytes]) => bytes > MOST_BYTES), []);
  assert(table.length > 60, `${table.length} screens`);
  // A page of an agent has islands: a sum of nothing would be one of scripts that weren't found.
  assert(sizes.get("/tickets/[key]")! > 10_000, `${sizes.get("/tickets/[key]")} bytes`);
  assert(sizes.get("/catalog/[item]")! > 10_000, `${sizes.get("/catalog/[item]")} bytes`);
});

Deno.test("Every page has one stylesheet, which browsers keep for ever", async () => {
  const wrong: string[] = [];
  const hrefs = new Set<string>();
  let pages = 0;
  // An email is shown as it is sent, with what it looks like in it.
  for (const { name, role, page } of shown.filter(({ name }) => name !== "/dev/mails/[template]")) {
    const links = [...page.document.querySelectorAll("link[rel=stylesheet]")];
    if (links.length !== 1) wrong.push(`${name} ${role}: ${links.length} stylesheets`);
    if (page.document.querySelector("style")) wrong.push(`${name} ${role}: styles of its own`);
    for (const link of links) hrefs.add(link.getAttribute("href")!);
    pages++;
  }
  assertEquals(wrong, []);
  assert(pages > 200, `${pages} pages`);
  assert(hrefs.size === 1, [...hrefs].join(" "));
  const response = await desk.fetch(new Request(new URL([...hrefs][0]!, desk.config.PUBLIC_URL)));
  assertEquals(
    [response.status, response.headers.get("content-type"), response.headers.get("cache-control")],
    [200, "text/css; charset=UTF-8", "public, max-age=31536000, immutable"],
  );
  const css = await response.text();
  assert(css.startsWith("@layer tokens"), css.slice(0, 80));
  assert(!css.includes("@import"), "a part is loaded apart");
  const bytes = await sizeGzipped(css);
  assert(bytes < 20_000, `${bytes} bytes`);
});
