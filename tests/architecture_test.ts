import assert from "node:assert/strict";
import { join, normalize } from "node:path/posix";
import { SETTINGS } from "../config.ts";

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
  routes: ["islands", "components", "pages", "edge", "domain", "define.ts"],
  api: ["edge", "domain"],
  jobs: ["domain", "log.ts"],
  pages: ["components", "edge", "domain", "define.ts"],
  edge: ["domain", "config.ts", "log.ts"],
  islands: ["components", "domain"],
  components: ["domain"],
  adapters: ["domain", "config.ts", "log.ts"],
  domain: ["db", "config.ts", "log.ts"],
  db: [],
  "define.ts": ["domain"],
  "config.ts": [],
  "log.ts": [],
  "main.ts": ["api", "edge", "define.ts"],
  "connect_database.ts": ["adapters", "db", "config.ts", "log.ts"],
  "serve.ts": ["adapters", "jobs", "edge", "domain", "db", "connect_database.ts", "config.ts", "log.ts"],
  "dev.ts": ["serve.ts", "config.ts"],
  cli: ["serve.ts", "adapters", "domain", "config.ts", "log.ts"],
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
  const statements = /^(?:import|export)\s+(?:([^"';]*?)\s+from\s+)?"(\.[^"]+)"/gm;
  for (const [, names = "", to] of text.matchAll(statements)) {
    const inside = /^\{([^}]*)\}$/.exec(names)?.[1]?.split(",").map((one) => one.trim()).filter(Boolean);
    const isType = names.startsWith("type ") || inside?.every((one) => one.startsWith("type ")) === true;
    found.push({ from: path, to: normalize(join(path, "..", to!)), names, isType });
  }
  for (const [, to] of text.matchAll(/\bimport\("(\.[^"]+)"\)/g)) {
    found.push({ from: path, to: normalize(join(path, "..", to!)), names: "*", isType: false });
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

Deno.test("What runs in the browser reaches domain's pure parts, never the database", () => {
  const next = Map.groupBy(imports.filter(({ isType }) => !isType), ({ from }) => from);
  const reached = new Map<string, string>();
  const walk = (path: string, by: string) => {
    if (reached.has(path)) return;
    reached.set(path, by);
    for (const { to } of next.get(path) ?? []) walk(to, `${by} → ${to}`);
  };
  for (const path of product.filter((path) => /^(islands|components)\//.test(path))) walk(path, path);
  const wrong = [...reached].filter(([path]) =>
    /^(db|adapters|edge|pages|api|config\.ts|log\.ts)/.test(path)
  );
  assert.deepEqual(wrong.map(([, by]) => by), []);
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
  const pages = imports.filter(({ to }) => to.startsWith("routes/") && !to.includes("(_components)/"));
  assert.deepEqual(pages, [], "a route imports another route");
});

/** Files of the product whose code has `pattern` in it. */
function having(pattern: RegExp): string[] {
  const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return product.filter((path) => pattern.test(code(texts.get(path)!))).sort();
}

Deno.test("config.ts alone reads the environment", () => {
  assert.deepEqual(having(/\bDeno\.env\b|\bprocess\.env\b/), ["config.ts"]);
});

Deno.test("Pages load through domain: nothing fetches but adapters and islands", () => {
  const wrong = having(/(?<![.\w])fetch\(/).filter((path) => !/^(adapters|islands)\//.test(path));
  assert.deepEqual(wrong, []);
});

Deno.test("Nothing is found by the working directory but what an operator names", () => {
  assert.deepEqual(having(/\bDeno\.cwd\(|\bprocess\.cwd\(/), ["config.ts"]);
});

Deno.test("No file of the product is over 300 lines", () => {
  const long = [...texts].filter(([path]) =>
    !/^(jsr|tests|bench|docs)\/|^db\/migrations\/|\.(md|json)$/.test(path)
  )
    .map(([path, text]) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > 300);
  assert.deepEqual(long, []);
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

Deno.test("The README's table names exactly the settings", () => {
  const named = [...texts.get("README.md")!.matchAll(/^\| `([A-Z][A-Z0-9_]*)`/gm)].map(([, name]) => name!);
  assert.deepEqual(named.sort(), Object.keys(SETTINGS).sort());
});
