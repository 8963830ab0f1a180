import { deflateRawSync } from "node:zlib";
import { HEAD_BYTES, inspectFile } from "@/domain/attachments/inspect.ts";
import { FILE_KINDS } from "@/domain/attachments/kinds.ts";
import { assert, assertEquals, assertRejects } from "@/tests/helpers/assert.ts";
import { png } from "@/tests/helpers/files.ts";

/** A zip archive of one deflated entry. */
function zip(name: string, content: Uint8Array): Uint8Array {
  const data = deflateRawSync(content, { level: 9 });
  const title = new TextEncoder().encode(name);
  const all = new Uint8Array(30 + title.length + data.length);
  const view = new DataView(all.buffer);
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(4, 20, true);
  view.setUint16(8, 8, true);
  view.setUint32(18, data.length, true);
  view.setUint32(22, content.length, true);
  view.setUint16(26, title.length, true);
  all.set(title, 30);
  all.set(data, 30 + title.length);
  return all;
}

function repeated(start: number[], unit: number[]): Uint8Array {
  const all = new Uint8Array(HEAD_BYTES);
  for (let at = 0; at + unit.length <= all.length; at += unit.length) all.set(unit, at);
  all.set(start);
  return all;
}

async function typeOf(name: string, head: Uint8Array, mediaType = ""): Promise<string> {
  return (await inspectFile(head, { name, mediaType })).mediaType;
}

Deno.test("CHK-24 looking at an archive bomb unpacks next to nothing of it", async () => {
  const bomb = new Uint8Array(100 * 1024 * 1024);
  const cases = [
    ["a.docx", zip("[Content_Types].xml", bomb)],
    ["a.odt", zip("mimetype", bomb)],
    ["a.zip", zip("x.txt", bomb)],
  ] as const;
  const before = Deno.memoryUsage().rss;
  for (const [name, bytes] of cases) await typeOf(name, bytes.subarray(0, HEAD_BYTES));
  const grown = (Deno.memoryUsage().rss - before) / 1024 ** 2;
  assert(grown < 60, `grown by ${grown} MiB`);
});

Deno.test("CHK-24 hostile beginnings of files are read to a verdict", async () => {
  const heads: [string, Uint8Array][] = [
    ["a.jpg", repeated([0xff, 0xd8, 0xff], [0xff, 0xe1, 0, 2])],
    [
      "a.png",
      repeated([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], [0, 0, 0, 0, 0x61, 0x61, 0x61, 0x61]),
    ],
    ["a.mp4", repeated([0, 0, 0, 8, 0x66, 0x74, 0x79, 0x70], [0, 0, 0, 8, 0x66, 0x74, 0x79, 0x70])],
    ["a.webm", repeated([0x1a, 0x45, 0xdf, 0xa3], [0x81])],
    ["a.mp3", repeated([0x49, 0x44, 0x33], [0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 0, 0])],
    ["a.tiff", repeated([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 0xff, 0xff], [0xff])],
    ["a.zip", repeated([], [...zip("x", new Uint8Array())])],
    ["a.svg", new TextEncoder().encode("<svg ".repeat(50_000))],
  ];
  for (const [name, head] of heads) {
    const verdict = await typeOf(name, head).catch((error) => error.code);
    const kind = FILE_KINDS[name.split(".")[1]!]!;
    assert([kind.mediaType, "unsupported_media_type", "too_large"].includes(verdict), `${name}: ${verdict}`);
  }
});

Deno.test("CHK-24 types go by bytes, name and claim together", async () => {
  const text = new TextEncoder().encode("a;b\n1;2\n");
  const docx = zip("[Content_Types].xml", new TextEncoder().encode("<Types/>"));
  const right: [string, Uint8Array, string, string][] = [
    ["a.csv", text, "application/vnd.ms-excel", "text/csv"],
    ["a.log", text, "", "text/plain"],
    ["a.LOG", text, "application/octet-stream", "text/plain"],
    ["notes", text, "text/plain", "text/plain"],
    ["a.txt", new Uint8Array([0xff, 0xfe, 0x61, 0]), "text/plain", "text/plain"],
    ["a.txt", new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65]), "text/plain", "text/plain"],
    ["a.docx", docx, FILE_KINDS.docx!.mediaType, FILE_KINDS.docx!.mediaType],
    ["a.png", png(2, 2), "image/png", "image/png"],
    ["picture", png(2, 2), "image/png", "image/png"],
    ["a.html", new TextEncoder().encode("<script>"), "text/html", "application/octet-stream"],
    [
      "a.svg",
      new TextEncoder().encode('<?xml version="1.0"?><svg/>'),
      "image/svg+xml",
      "application/octet-stream",
    ],
  ];
  for (const [name, head, claim, type] of right) {
    assertEquals([name, await typeOf(name, head, claim).catch((error) => error.message)], [name, type]);
  }
  const wrong: [string, Uint8Array, string][] = [
    ["a.png", png(2, 2), "image/gif"],
    ["a.png", png(2, 2), "text/html"],
    ["a.pdf", text, "application/pdf"],
    ["a.txt", new Uint8Array([0, 1, 2, 3]), "text/plain"],
    ["a.docx", png(2, 2), ""],
    ["a.hta", text, ""],
  ];
  for (const [name, head, claim] of wrong) {
    await assertRejects(() => typeOf(name, head, claim), /unsupported_media_type/);
  }
});
