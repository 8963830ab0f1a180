import assert from "node:assert/strict";
import { join, normalize } from "node:path/posix";
import { SETTINGS } from "@/config.ts";

const ROOT = new URL("../", import.meta.url);
const SKIPPED = new Set(["node_modules", "_fresh", "data", "dist", ".git"]);

/** Every file of the project that people write, by its path, with its text. */
const texts = new Map<string, string>();
await read("");

async function read(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(encodeURI(folder) || ".", ROOT))) {
    if (SKIPPED.has(name)) continue;
    if (isDirectory) await read(`${folder}${name}/`);
    else if (/\.(tsx?|css|sql|md|json|ya?ml)$/.test(name)) {
      texts.set(folder + name, await Deno.readTextFile(new URL(encodeURI(folder + name), ROOT)));
    }
  }
}

/** Folders and files of the product, and what each may import besides itself. */
const ARROWS: Record<string, string[]> = {
  routes: ["islands", "components", "pages", "edge", "domain", "define.ts", "ports.ts"],
  api: ["edge", "live", "domain", "ports.ts"],
  jobs: ["domain", "log.ts", "ports.ts"],
  pages: ["components", "edge", "live", "domain", "define.ts", "ports.ts"],
  edge: ["domain", "config.ts", "log.ts", "ports.ts"],
  live: ["domain", "log.ts", "ports.ts"],
  islands: ["browser", "components", "domain"],
  browser: ["components", "domain"],
  components: ["domain"],
  adapters: ["domain", "config.ts", "log.ts", "ports.ts"],
  domain: ["db", "config.ts", "log.ts", "ports.ts"],
  db: [],
  "ports.ts": ["config.ts"],
  "define.ts": ["domain", "ports.ts"],
  "config.ts": [],
  "log.ts": [],
  "main.ts": ["api", "edge", "define.ts"],
  "connect_database.ts": ["adapters", "db", "config.ts", "log.ts"],
  "serve.ts": [
    "adapters",
    "jobs",
    "edge",
    "live",
    "domain",
    "db",
    "connect_database.ts",
    "config.ts",
    "log.ts",
    "ports.ts",
  ],
  "dev.ts": ["styles", "dev"],
  dev: ["config.ts"],
  styles: [],
  cli: ["serve.ts", "connect_database.ts", "adapters", "db", "domain", "config.ts", "log.ts", "ports.ts"],
};

/** Arrows that skip a ring for a helper without a transaction in it. */
const SKIPS = ["api/paths.ts → db/door.ts", "edge/health.ts → db/migrate.ts"];

interface Import {
  from: string;
  to: string;
  names: string;
  /** Types alone: nothing of it runs. */
  isType: boolean;
}

const partOf = (path: string) => path.includes("/") ? path.slice(0, path.indexOf("/")) : path;
const product = [...texts.keys()].filter((path) => /\.tsx?$/.test(path) && partOf(path) in ARROWS);
const imports = product.flatMap((path) => importsOf(path, texts.get(path)!));

function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  const target = (to: string) => to.startsWith("@/") ? to.slice(2) : normalize(join(path, "..", to));
  const statements = /^(?:import|export)\s+(?:([^"';]*?)\s+from\s+)?"((?:\.|@\/)[^"]+)"/gm;
  for (const [, names = "", to] of text.matchAll(statements)) {
    const inside = /^\{([^}]*)\}$/.exec(names)?.[1]?.split(",").map((one) => one.trim()).filter(Boolean);
    const isType = names.startsWith("type ") || inside?.every((one) => one.startsWith("type ")) === true;
    found.push({ from: path, to: target(to!), names, isType });
  }
  for (const [, to] of text.matchAll(/\bimport\("((?:\.|@\/)[^"]+)"\)/g)) {
    found.push({ from: path, to: target(to!), names: "*", isType: false });
  }
  return found;
}

Deno.test("Imports run one way", () => {
  assert.ok(imports.length > 400, `${imports.length} imports`);
  const wrong = imports.filter(({ from, to }) => {
    const [a, b] = [partOf(from), partOf(to)];
    return a !== b && !ARROWS[a]!.includes(b) && !SKIPS.includes(`${from} → ${to}`);
  }).map(({ from, to }) => `${from} → ${to}`);
  assert.deepEqual(wrong, []);
});

Deno.test("Every import leads to a file, and every exception is needed", () => {
  const lost = imports.filter(({ to }) => !texts.has(to)).map(({ from, to }) => `${from} → ${to}`);
  assert.deepEqual(lost, []);
  const arrows = new Set(imports.map(({ from, to }) => `${from} → ${to}`));
  assert.deepEqual(SKIPS.filter((arrow) => !arrows.has(arrow)), []);
});

Deno.test("No import is circular", () => {
  const next = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: string[]) => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
    if (trail.includes(path) || done.has(path)) return;
    for (const { to } of next.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of product) visit(path, []);
  assert.deepEqual(circles, []);
});

Deno.test("No import climbs: what isn't in the same folder or below is named from the root", () => {
  const climbing = [...texts].filter(([path]) => /^(?!jsr\/|tests\/helpers\/chromium\/).*\.tsx?$/.test(path))
    .filter(([, text]) => /^(?:import|export)[^"';]*"\.\.\/(?!_fresh\/)/m.test(text)).map(([path]) => path);
  assert.deepEqual(climbing, []);
});

/** A file's folder; a file that lies directly in `domain/` stands for itself. */
const roomOf = (path: string) => {
  const folder = path.slice(0, path.lastIndexOf("/"));
  return folder === "domain" ? path : folder;
};

Deno.test("No folder of domain/ depends on one that depends on it", () => {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    if (partOf(from) !== "domain" || partOf(to) !== "domain" || roomOf(from) === roomOf(to)) continue;
    next.set(roomOf(from), (next.get(roomOf(from)) ?? new Set()).add(roomOf(to)));
  }
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...next.get(from) ?? []].some((room) => {
      if (room === to) return true;
      if (seen.has(room)) return false;
      seen.add(room);
      return reaches(room, to, seen);
    });
  assert.ok(next.size > 30, `${next.size} folders`);
  assert.deepEqual([...next.keys()].filter((room) => reaches(room, room)), []);
});

Deno.test("What runs in the browser reaches domain's pure parts, never the database", () => {
  const next = Map.groupBy(imports.filter(({ isType }) => !isType), ({ from }) => from);
  const reached = new Map<string, string>();
  const walk = (path: string, by: string) => {
    if (reached.has(path)) return;
    reached.set(path, by);
    for (const { to } of next.get(path) ?? []) walk(to, `${by} → ${to}`);
  };
  for (const path of product.filter((path) => /^(islands|browser|components)\//.test(path))) walk(path, path);
  const wrong = [...reached].filter(([path]) =>
    /^(db|adapters|edge|live|pages|api|config\.ts|log\.ts)/.test(path)
  );
  assert.deepEqual(wrong.map(([, by]) => by), []);
});

Deno.test("What runs in the browser takes nothing but Preact from packages", () => {
  const next = Map.groupBy(imports.filter(({ isType }) => !isType), ({ from }) => from);
  const reached = new Set<string>();
  const walk = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { to } of next.get(path) ?? []) walk(to);
  };
  for (const path of product.filter((path) => /^(islands|browser)\//.test(path))) walk(path);
  const packages = [...reached].flatMap((path) =>
    [...texts.get(path)!.matchAll(
      /^(?:import|export)\s+(?!type\b)[^"';]*?from\s+"([^".@][^"]*|@[^/"][^"]*)"/gm,
    )]
      .filter(([, from]) => !/^(?:preact|@preact\/signals)(?:\/|$)/.test(from!))
      .map(([, from]) => `${path}: ${from}`)
  );
  assert.deepEqual(packages, []);
  assert.ok(reached.size > 50, `${reached.size} files`);
});

Deno.test("The pool and the doors have one user each", () => {
  const users = (target: string, name: RegExp) =>
    imports.filter(({ from, to, names }) => to === target && partOf(from) !== "db" && name.test(names))
      .map(({ from, names }) => `${from} ${names.replaceAll(/\s+/g, " ")}`);
  assert.deepEqual(users("db/pool.ts", /./), ["domain/cx.ts { DatabaseUnavailable }"]);
  assert.deepEqual(users("db/door.ts", /\binTenant\b/).map((one) => one.split(" ")[0]), ["domain/cx.ts"]);
  assert.deepEqual(users("db/door.ts", /\binSystem\b/).filter((one) => !one.startsWith("domain/")), []);
  assert.deepEqual(users("db/sql.ts", /./).filter((one) => !one.startsWith("domain/")), []);
});

Deno.test("Nothing imports a route", () => {
  const wrong = imports.filter(({ from, to }) => to.startsWith("routes/") && !from.startsWith("routes/"));
  assert.deepEqual(wrong, []);
  const pages = imports.filter(({ to }) =>
    to.startsWith("routes/") && !/\(_(?:components|data)\)\//.test(to)
  );
  assert.deepEqual(pages, [], "a route imports another route");
});

/** Files of the product whose code has `pattern` in it. */
function having(pattern: RegExp): string[] {
  const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return product.filter((path) => pattern.test(code(texts.get(path)!))).sort();
}

/** Reads the accounts that an attack uses, which are no settings of an installation. */
const ATTACK_ACCOUNTS = "cli/attack.ts";

Deno.test("config.ts alone reads the environment of an installation", () => {
  assert.deepEqual(having(/\bDeno\.env\b|\bprocess\.env\b/), [ATTACK_ACCOUNTS, "config.ts"]);
});

Deno.test("Pages load through domain: nothing fetches but adapters, islands, and what comes from outside", () => {
  const wrong = having(/(?<![.\w])fetch\(/).filter((path) => !/^(adapters|islands|browser|dev)\//.test(path));
  assert.deepEqual(wrong, ["cli/attack/wire.ts"]);
});

Deno.test("Cookies are read in one place, which no header can make throw", () => {
  assert.deepEqual(having(/\bgetCookies\b/), ["edge/cookies.ts"]);
});

Deno.test("Every island that shows something says on its root element that it is one", () => {
  const silent = having(/return null;\n}/).filter((path) => !/<[a-z]/.test(texts.get(path)!));
  const islands = product.filter((path) => path.startsWith("islands/") && !silent.includes(path));
  assert.ok(islands.length > 10, `${islands.length} islands`);
  assert.deepEqual(islands.filter((path) => !having(/<[a-z]+\s+data-island\b/).includes(path)), []);
});

Deno.test("Nothing is found by the working directory but what an operator names", () => {
  assert.deepEqual(having(/\bDeno\.cwd\(|\bprocess\.cwd\(/), ["config.ts"]);
});

/** The most lines that a file of a folder may have; 300 elsewhere. */
const BUDGETS: Record<string, number> = {
  routes: 150,
  api: 200,
  domain: 250,
  islands: 120,
  components: 100,
  jobs: 60,
};

/** Files that may be longer, and why. */
const LONGER: Record<string, string> = {};

Deno.test("No file of the product is longer than its folder allows", () => {
  const long = [...texts].filter(([path]) =>
    !/^(jsr|tests|bench|docs)\/|^db\/migrations\/|\.(md|json)$/.test(path)
  )
    .map(([path, text]) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ path, lines }) => lines > (BUDGETS[partOf(path)] ?? 300)).map(({ path }) => path);
  assert.deepEqual(long.sort(), Object.keys(LONGER).sort());
});

Deno.test("Every file in islands/ is an island: it exports components and types alone", () => {
  const wrong = product.filter((path) => partOf(path) === "islands").filter((path) =>
    !path.endsWith(".tsx") ||
    /^export (?!default |function [A-Z]|interface |type )/m.test(texts.get(path)!)
  );
  assert.deepEqual(wrong, []);
});

/** Files that still read input past `validation`, and why they may. */
const PARSES: Record<string, string> = {
  "config.ts":
    "reads the environment, not input: what is wrong is told by variable, before the product starts",
  "domain/webhooks/addresses.ts":
    "reads IP addresses with a library, which it asks first whether they are valid",
};

Deno.test("Input is checked by validation alone, so that what is wrong is told beside its field", () => {
  const parsing = having(/(?<!\b(?:JSON|Date|URL|markdown)|\.)\.(?:safeParse|parse)(?:Async)?\(/)
    .filter((path) => path !== "domain/validation.ts");
  assert.deepEqual(parsing, Object.keys(PARSES).sort());
});

Deno.test("Nothing is left to be done later, and no path of one machine stands anywhere", () => {
  const words = [/\bTO[D]O\b/, /\bFIX[M]E\b/, /\bXX[X]\b/, /\bHA[C]K\b/, /\/wor[k]\//];
  const found = [...texts].flatMap(([path, text]) => {
    const patterns = path.startsWith("tests/")
      ? words
      : [...words, /["'`( ]\/tm[p]\//, /\/(?:home|Users)\/\w+/];
    return patterns.filter((pattern) => pattern.test(text)).map((pattern) =>
      `${path}: ${pattern.exec(text)![0]}`
    );
  });
  assert.deepEqual(found, []);
});

Deno.test("The README's table names exactly the settings, in the same words", () => {
  const rows = [...texts.get("README.md")!.matchAll(/^\| `([A-Z][A-Z0-9_]*)` *\|[^|]*\| (.*?) *\|$/gm)];
  const told = Object.entries(SETTINGS).map(([name, { about }]) => [name, about]);
  assert.deepEqual(rows.map(([, name, about]) => [name, about]), told);
});
