/** Reads PDF files as pdfkit writes them: objects, what the pages say by their own fonts' maps, and the structure. */
import { inflateSync } from "node:zlib";

type Value = string | number | boolean | null | Ref | Value[] | Dict;
interface Dict {
  [name: string]: Value;
}
class Ref {
  constructor(readonly id: number) {}
}

/** An element of the structure, with what it says. */
export interface Tag {
  type: string;
  text: string;
  alt?: string;
  actual?: string;
  scope?: string;
  tags: Tag[];
}

export interface Pdf {
  pages: { text: string; untagged: string }[];
  catalog: Dict;
  document: Tag;
  info: Dict;
  metadata: string;
  fonts: string[];
}

class Reader {
  at = 0;
  constructor(readonly text: string) {}

  value(): Value {
    const rest = () => this.text.slice(this.at, this.at + 4000);
    this.at += /^\s*/.exec(rest())![0].length;
    const ref = /^(\d+) 0 R/.exec(rest());
    if (ref) return this.took(ref, new Ref(Number(ref[1])));
    const number = /^-?\d*\.?\d+(?:e-?\d+)?/.exec(rest());
    if (number) return this.took(number, Number(number[0]));
    const word = /^(true|false|null)/.exec(rest());
    if (word) return this.took(word, JSON.parse(word[0]) as Value);
    const name = /^\/([^\s/<>[\]()]*)/.exec(rest());
    if (name) return this.took(name, name[1]!);
    if (rest().startsWith("<<")) return this.dict();
    if (rest().startsWith("<")) return this.took(/^<[^>]*>/.exec(rest())!, "");
    if (rest().startsWith("[")) return this.list();
    if (rest().startsWith("(")) return this.string();
    throw new Error(`Cannot read PDF at ${this.at}: ${rest().slice(0, 60)}`);
  }

  private took<T>(found: RegExpExecArray, value: T): T {
    this.at += found[0].length;
    return value;
  }

  private until(end: string): boolean {
    while (/\s/.test(this.text[this.at]!)) this.at++;
    if (!this.text.startsWith(end, this.at)) return false;
    this.at += end.length;
    return true;
  }

  private dict(): Dict {
    this.at += 2;
    const dict: Dict = {};
    while (!this.until(">>")) dict[this.value() as string] = this.value();
    return dict;
  }

  private list(): Value[] {
    this.at++;
    const list: Value[] = [];
    while (!this.until("]")) list.push(this.value());
    return list;
  }

  private string(): string {
    let text = "";
    for (this.at++; this.text[this.at] !== ")"; this.at++) {
      if (this.text[this.at] === "\\") this.at++;
      text += this.text[this.at - 1] === "\\"
        ? ({ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" }[this.text[this.at]!] ?? this.text[this.at])
        : this.text[this.at];
    }
    this.at++;
    if (!text.startsWith("\xfe\xff")) return text;
    return new TextDecoder("utf-16be").decode(Uint8Array.from(text.slice(2), (c) => c.charCodeAt(0)));
  }
}

/** What each code of a font means. */
function unicodeOf(map: string): string[] {
  const codes: string[] = [];
  for (const [, from, list] of map.matchAll(/<(\w+)> <\w+> \[([^\]]*)\]/g)) {
    [...list!.matchAll(/<([^>]*)>/g)].forEach(([, hex], i) => {
      const units = hex!.split(" ").filter(Boolean).map((unit) => parseInt(unit, 16));
      codes[parseInt(from!, 16) + i] = String.fromCharCode(...units);
    });
  }
  return codes;
}

export function readPdf(bytes: Uint8Array): Pdf {
  const file = new TextDecoder("latin1").decode(bytes);
  // The decoder of that name is of another table, in which some bytes have other numbers.
  const raw = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const objects = new Map<number, { value: Value; stream: string }>();
  for (const found of raw.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const reader = new Reader(raw.slice(found.index + found[0].length, endOf(raw, found.index)));
    const value = reader.value();
    const start = /^\s*stream\n/.exec(reader.text.slice(reader.at));
    let stream = "";
    if (start) {
      const length = (value as Dict).Length as number;
      const from = reader.at + start[0].length;
      const data = Uint8Array.from(reader.text.slice(from, from + length), (c) => c.charCodeAt(0));
      const plain = (value as Dict).Filter === "FlateDecode" ? inflateSync(data) : data;
      stream = Array.from(plain, (byte) => String.fromCharCode(byte)).join("");
    }
    objects.set(Number(found[1]), { value, stream });
  }
  const get = (value: Value | undefined): Value =>
    value instanceof Ref ? objects.get(value.id)!.value : value ?? null;
  const dict = (value: Value | undefined) => get(value) as Dict;
  const streamOf = (value: Value | undefined) => objects.get((value as Ref).id)!.stream;
  const trailer = new Reader(file.slice(file.lastIndexOf("trailer") + 7)).value() as Dict;
  const catalog = dict(trailer.Root);
  const said = new Map<string, string>();
  const fonts = new Set<string>();
  const pages = (dict(catalog.Pages).Kids as Ref[]).map((page) => {
    const { Contents, Resources } = dict(page);
    const maps = Object.fromEntries(
      Object.entries(dict(dict(Resources).Font) ?? {}).map(([name, font]) => {
        fonts.add(dict(font).BaseFont as string);
        return [name, unicodeOf(streamOf(dict(font).ToUnicode))];
      }),
    );
    return readContent(streamOf(Contents), maps, (mcid, text) => {
      const key = `${page.id}:${mcid}`;
      said.set(key, (said.get(key) ?? "") + text);
    });
  });
  const tagOf = (ref: Value): Tag => {
    const { S, K, Pg, Alt, ActualText, A } = dict(ref);
    const tag: Tag = { type: S as string, text: "", tags: [] };
    for (const kid of [K ?? []].flat() as Value[]) {
      if (typeof kid === "number") tag.text += said.get(`${(Pg as Ref).id}:${kid}`) ?? "";
      else if (kid instanceof Ref) tag.tags.push(tagOf(kid));
      else tag.text += said.get(`${((kid as Dict).Pg as Ref).id}:${(kid as Dict).MCID}`) ?? "";
    }
    if (typeof Alt === "string") tag.alt = Alt;
    if (typeof ActualText === "string") tag.actual = ActualText;
    if (A) tag.scope = dict(A).Scope as string;
    return tag;
  };
  const root = dict(catalog.StructTreeRoot).K as Value[];
  const info = Object.fromEntries(
    Object.entries(dict(trailer.Info)).map(([name, value]) => [name, get(value)]),
  );
  return {
    pages,
    catalog: resolved(catalog, get),
    document: tagOf(root[0]!),
    info,
    metadata: streamOf(catalog.Metadata),
    fonts: [...fonts],
  };
}

function resolved(dict: Dict, get: (value: Value) => Value): Dict {
  return Object.fromEntries(Object.entries(dict).map(([name, value]) => [name, get(value)]));
}

function endOf(raw: string, from: number): number {
  return raw.indexOf("\nendobj", from);
}

/** @param say gets a text with the mark that it stands in */
function readContent(
  content: string,
  maps: Record<string, string[]>,
  say: (mcid: number, text: string) => void,
): { text: string; untagged: string } {
  const marks: (number | "Artifact")[] = [];
  let [font, text, untagged] = ["", "", ""];
  const token =
    /\/(\w+) (?:<<([^]*?)>> )?(BDC|BMC)|\bEMC\b|\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ|\b(f|S|B|f\*)\n/g;
  for (const [whole, tag, options, begins, named, shown, drawn] of content.matchAll(token)) {
    if (begins) marks.push(tag === "Artifact" ? "Artifact" : Number(/MCID (\d+)/.exec(options ?? "")?.[1]));
    else if (whole === "EMC") marks.pop();
    else if (named) font = named;
    else if (shown !== undefined) {
      const codes = [...shown.matchAll(/<(\w+)>/g)].flatMap(([, hex]) => hex!.match(/.{4}/g) ?? []);
      const part = codes.map((code) => maps[font]![parseInt(code, 16)] ?? "\ufffd").join("");
      const mark = marks.at(-1);
      text += `${part}\n`;
      if (typeof mark === "number") say(mark, `${part}\n`);
      else if (mark === undefined) untagged += part;
    } else if (drawn && marks.length === 0) untagged += drawn;
  }
  return { text, untagged };
}

/** All tags of a type below one. */
export function tagsOf(tag: Tag, type: string): Tag[] {
  return tag.tags.flatMap((one) => [...(one.type === type ? [one] : []), ...tagsOf(one, type)]);
}
