import assert from "node:assert/strict";

const ROOT = new URL("../", import.meta.url);
const NAMED_COLOURS =
  "white|black|red|green|blue|grey|gray|yellow|orange|purple|pink|brown|silver|gold|teal|navy";

/** Files below `folders` whose names end in one of `ends`, with their text. */
async function sources(folders: string[], ends: RegExp): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const walk = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(encodeURI(folder), ROOT))) {
      const path = `${folder}/${name}`;
      if (isDirectory) await walk(path);
      else if (ends.test(name)) found.set(path, await Deno.readTextFile(new URL(encodeURI(path), ROOT)));
    }
  };
  for (const folder of folders) await walk(folder);
  return found;
}

const styles = await sources(["styles"], /\.css$/);
const tokens = styles.get("styles/tokens.css")!;
const main = styles.get("styles/main.css")!;
// Tokens have colours and sizes, the list of files has neither.
for (const path of ["styles/tokens.css", "styles/main.css"]) styles.delete(path);
const components = await sources(["components", "routes", "islands", "pages"], /\.tsx?$/);
/** Markup is also made where Markdown and mails are rendered, and changed in the browser. */
const code = new Map([...components, ...await sources(["browser", "domain"], /\.tsx?$/)]);

const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\//g, "");

/** The declarations of a stylesheet: property and value. Queries and selectors are none. */
function declarations(css: string): { property: string; value: string }[] {
  const found = withoutComments(css).matchAll(/(?<=[{;]\s*)([\w-]+)\s*:\s*([^;{}]+)(?=[;}])/g);
  return [...found].map(([, property, value]) => ({ property: property!, value: value!.trim() }));
}

Deno.test("INV-11 stylesheets take every colour, size and font from the tokens", () => {
  const wrong: string[] = [];
  let read = 0;
  for (const [path, css] of styles) {
    for (const { property, value } of declarations(css)) {
      read++;
      const say = (what: string) => wrong.push(`${path}: ${what}: ${property}: ${value}`);
      const plain = value.replaceAll(/url\([^)]*\)|"[^"]*"/g, "");
      if (/#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|light-dark)\(/i.test(plain)) {
        say("colour");
      }
      const own = plain.replaceAll(/var\([^)]*\)|--[\w-]+/g, "");
      if (new RegExp(`(?<![\\w-])(?:${NAMED_COLOURS})(?![\\w-])`, "i").test(own)) say("colour");
      for (const [, size, unit] of own.matchAll(/(?<![\w.-])-?(\d*\.?\d+)(px|rem|pt|cm|mm|in|pc)\b/g)) {
        if (!(unit === "px" && Number(size) <= 1)) say("size");
      }
      if (/^font(-family)?$/.test(property) && !/^(inherit|var\()/.test(value)) say("font");
      if (property === "font-weight" && /\d/.test(own)) say("weight");
      if (/^(transition|animation)/.test(property) && /\d(ms|s)\b/.test(own)) say("time");
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(read > 500, `${read} declarations`);
});

Deno.test("INV-11 components have no style, colour or size of their own", () => {
  const wrong: string[] = [];
  for (const [path, text] of components) {
    const code = withoutComments(text);
    for (
      const pattern of [/\bstyle=/, /["'`]#[0-9a-f]{3,8}["'`]/i, /\d(?:px|rem|pt)\b/, /\brgba?\(|\bhsla?\(/]
    ) {
      const found = pattern.exec(code);
      if (found) wrong.push(`${path}: ${found[0]}`);
    }
    // Drawings take the colour of the text around them.
    for (const [, name, value] of code.matchAll(/\b(fill|stroke|color)="([^"]+)"/g)) {
      if (!/^(none|currentColor|var\(--[\w-]+\))$/.test(value!)) wrong.push(`${path}: ${name}="${value}"`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(components.size > 60, `${components.size} files`);
});

Deno.test("INV-12 every token that is used is there, none is left over, and no stylesheet changes one", () => {
  const made = new Set([...tokens.matchAll(/(?<=[{;]\s*|\*\/\s*)(--[\w-]+)\s*:/g)].map(([, name]) => name!));
  const local = new Set<string>();
  const used = new Set<string>();
  for (const css of [tokens, ...styles.values()].map(withoutComments)) {
    for (const [, name] of css.matchAll(/var\(\s*(--[\w-]+)/g)) used.add(name!);
  }
  for (const css of styles.values()) {
    for (const { property } of declarations(css)) if (property.startsWith("--")) local.add(property);
  }
  assert.deepEqual([...used].filter((name) => !made.has(name) && !local.has(name)), []);
  assert.deepEqual([...local].filter((name) => made.has(name)), [], "a stylesheet changes a token");
  assert.deepEqual([...made].filter((name) => !used.has(name)), [], "tokens that nothing uses");
  assert.ok(made.size > 80, `${made.size} tokens`);
});

/** Words of the string literals in `class` attributes; what is computed stands as "*". */
function classesOf(text: string): string[] {
  const found: string[] = [];
  for (const { index } of text.matchAll(/\bclass=(?=["{])/g)) {
    const value = attribute(text, index + "class=".length);
    const literals = value.startsWith('"') ? [value.slice(1, -1)] : literalsIn(value);
    for (const literal of literals) found.push(...literal.split(/\s+/).filter(Boolean));
  }
  return found;
}

/** A quoted value, or one in braces with the braces it holds. */
function attribute(text: string, start: number): string {
  if (text[start] === '"') return text.slice(start, text.indexOf('"', start + 1) + 1);
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return text.slice(start, i + 1);
  }
  return "";
}

/** Literals that can become a class: not those that something is compared with, or looked up by. */
function literalsIn(expression: string): string[] {
  const found: string[] = [];
  const take = (code: string) => {
    for (const [, a, b] of code.matchAll(/`([^`]*)`|"([^"]*)"/g)) found.push(a ?? b ?? "");
    return "*";
  };
  let code = expression.slice(1, -1).replaceAll(/[=!]==?\s*"[^"]*"|\b\w+:\s*(?=["`])/g, "");
  // From the innermost computed part outwards, since templates nest.
  for (let before = ""; before !== code;) {
    before = code;
    code = code.replace(/\$\{([^{}]*)\}/, (_, inner: string) => take(inner));
  }
  take(code);
  return found;
}

Deno.test("INV-11 every class of a component is styled", () => {
  const styled = new Set<string>();
  for (const css of styles.values()) {
    for (const [, name] of withoutComments(css).matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)) styled.add(name!);
  }
  const wrong = new Set<string>();
  let read = 0;
  for (const [path, text] of components) {
    for (const name of classesOf(text)) {
      read++;
      const [start] = name.split("*");
      const known = name.includes("*") ? [...styled].some((one) => one.startsWith(start!)) : styled.has(name);
      if (!known) wrong.add(`${path}: ${name}`);
    }
  }
  assert.deepEqual([...wrong], []);
  assert.ok(read > 250, `${read} classes`);
});

Deno.test("every class and animation of a stylesheet is used", () => {
  const words = new Set<string>();
  const starts = new Set<string>();
  for (const text of code.values()) {
    // Strings hold names of classes, in templates with a computed end.
    const plain = withoutComments(text);
    for (const [literal] of plain.matchAll(/"[^"\n]*"|`[^`]*`/g)) {
      for (const word of literal.split(/[^\w-]+/)) words.add(word);
    }
    for (const [, start] of plain.matchAll(/([\w-]+-)\$\{/g)) starts.add(start!);
  }
  const unused = new Set<string>();
  let read = 0;
  for (const [path, css] of styles) {
    const rules = withoutComments(css).replaceAll(/"[^"]*"|url\([^)]*\)/g, "");
    for (const [, name] of rules.matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)) {
      read++;
      const known = words.has(name!) || [...starts].some((start) => name!.startsWith(start));
      if (!known) unused.add(`${path}: .${name}`);
    }
    for (const [, name] of rules.matchAll(/@keyframes\s+([\w-]+)/g)) {
      const uses = [...styles.values()].filter((one) => new RegExp(`animation[^;]*\\b${name}\\b`).test(one));
      if (uses.length === 0) unused.add(`${path}: @keyframes ${name}`);
    }
  }
  assert.deepEqual([...unused], []);
  assert.ok(read > 500, `${read} classes`);
});

Deno.test("INV-11 the page's stylesheet is made of every file of styles/, tokens first", () => {
  const parts = [...main.matchAll(/@import "\.\/([^"]+)";/g)].map(([, name]) => `styles/${name}`);
  assert.equal(parts[0], "styles/tokens.css");
  assert.deepEqual(parts.slice(1).sort(), [...styles.keys()].sort());
});
