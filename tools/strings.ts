/**
 * `deno task strings`: prints every text that people read (screens, emails, errors, API summaries, settings, log lines),
 * by file and line, so that one person can read them all.
 */
import { parse, type ParseResult, type ParserPlugin } from "@babel/parser";

const ROOT = new URL("../", import.meta.url);
const FOLDERS = [
  "routes",
  "pages",
  "components",
  "islands",
  "browser",
  "domain",
  "api",
  "edge",
  "live",
  "jobs",
  "adapters",
  "db",
  "cli",
];
const FILES = ["config.ts", "connect_database.ts", "serve.ts", "log.ts"];

/** Attributes whose words nobody reads. */
const SILENT = new Set([
  "class",
  "className",
  "href",
  "id",
  "for",
  "name",
  "type",
  "d",
  "viewBox",
  "action",
  "key",
  "rel",
  "src",
  "points",
  "role",
  "variant",
  "autocomplete",
  "tone",
  "size",
  "list",
  "value",
  "method",
  "encType",
  "kind",
  "icon",
  "form",
  "scope",
  "level",
  "inputmode",
  "wrap",
  "popovertarget",
  "aria-controls",
  "aria-describedby",
  "aria-labelledby",
  "aria-live",
]);

interface Text {
  line: number;
  text: string;
}

// deno-lint-ignore no-explicit-any -- a syntax tree: whatever has a type is walked
type Node = any;

function textsOf(path: string, code: string): Text[] {
  // In plain TypeScript, "<T>" begins type parameters and no element.
  const plugins: ParserPlugin[] = path.endsWith(".tsx") ? ["typescript", "jsx"] : ["typescript"];
  const tree: ParseResult = parse(code, { sourceType: "module", plugins });
  const found: Text[] = [];
  const add = (node: Node, text: string) => {
    const plain = text.replaceAll(/\s+/g, " ").trim();
    if (/\p{L}/u.test(plain) && !/^[/?#.@]/.test(plain)) {
      found.push({ line: node.loc.start.line, text: plain });
    }
  };
  const walk = (node: Node, inAttribute = false): void => {
    if (Array.isArray(node)) return node.forEach((one) => walk(one, inAttribute));
    if (node === null || typeof node !== "object" || typeof node.type !== "string") return;
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
      case "TSLiteralType":
      // SQL and other tagged templates aren't read by people.
      case "TaggedTemplateExpression":
        return;
      case "JSXText":
        return add(node, node.value);
      case "JSXAttribute":
        if (SILENT.has(String(node.name.name))) return;
        return walk(node.value, true);
      case "StringLiteral":
        if (inAttribute || isSentence(node.value)) add(node, node.value);
        return;
      case "TemplateLiteral": {
        const text = node.quasis.map((part: Node) => part.value.cooked).join("…");
        if (isSentence(text)) add(node, text);
        return walk(node.expressions);
      }
    }
    for (const [key, child] of Object.entries(node)) {
      if (key !== "loc" && key !== "leadingComments" && key !== "trailingComments") {
        walk(child as Node, inAttribute && node.type !== "ArrowFunctionExpression");
      }
    }
  };
  walk(tree.program);
  return found;
}

/** Several words, or one that begins a label; not a path, a key or SQL. */
function isSentence(text: string): boolean {
  return /^[\p{Lu}“"@][\p{L}’'-]+(?:[\s.,:!?…].*)?$/su.test(text) ||
    /\p{L}{2,} \p{L}/u.test(text) && !/\b(?:select|from|where|insert into|var\(--)\b|\0/u.test(text);
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(encodeURI(folder), ROOT))) {
    if (isDirectory) yield* filesBelow(`${folder}/${name}`);
    else if (/(?<!_test|_passwords)\.tsx?$/.test(name)) yield `${folder}/${name}`;
  }
}

const paths: string[] = [...FILES];
for (const folder of FOLDERS) paths.push(...await Array.fromAsync(filesBelow(folder)));
const lines = await Promise.all(
  paths.sort().map(async (path) =>
    textsOf(path, await Deno.readTextFile(new URL(encodeURI(path), ROOT)))
      .map(({ line, text }) => `${path}:${line}\t${text}\n`).join("")
  ),
);
await Deno.stdout.write(new TextEncoder().encode(lines.join("")));
