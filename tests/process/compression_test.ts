/** What goes over a real socket when a client accepts compressed answers, and when it doesn't. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { formOf } from "@/tests/helpers/client.ts";
import { png } from "@/tests/helpers/files.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { register } from "./support.ts";

const server = await startServer({ env: { RATE_LIMIT_SCALE: "1000", SIGNUP: "open", LOG_LEVEL: "warn" } });
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());
const token = await register(server.url);
const authorization = `Bearer ${token}`;

interface Raw {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

/** Asks as nothing but this does: what `fetch` adds and unpacks by itself stays out of it. */
async function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Raw> {
  const { hostname, port, host } = new URL(server.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = Object.entries({ host, connection: "close", ...headers }).map(([name, value]) =>
    `${name}: ${value}\r\n`
  );
  await connection.write(new TextEncoder().encode(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`));
  const pieces: Uint8Array[] = [];
  for (let piece = new Uint8Array(65_536);; piece = new Uint8Array(65_536)) {
    const read = await connection.read(piece);
    if (read === null) break;
    pieces.push(piece.subarray(0, read));
  }
  const all = new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
  const text = new TextDecoder("latin1").decode(all);
  const end = text.indexOf("\r\n\r\n");
  const [first, ...rest] = text.slice(0, end).split("\r\n");
  const found = new Headers();
  for (const line of rest) found.append(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1));
  const body = all.slice(end + 4);
  return {
    status: Number(first!.split(" ")[1]),
    headers: found,
    body: found.get("transfer-encoding") === "chunked" ? unchunked(body) : body,
  };
}

function unchunked(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0;;) {
    const end = body.indexOf(10, at);
    const size = parseInt(new TextDecoder().decode(body.subarray(at, end)), 16);
    if (!(size > 0)) break;
    parts.push(body.slice(end + 1, end + 1 + size));
    at = end + 1 + size + 2;
  }
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const br = { "accept-encoding": "gzip, br" };
/** The encoding, and whether caches are told that it depends on what the client accepts. */
const told = ({ headers }: Raw) => [
  headers.get("content-encoding"),
  /accept-encoding/i.test(headers.get("vary") ?? ""),
];

Deno.test("pages, documents of the API and styles come compressed where the client takes it, and say so", async () => {
  const page = "/register";
  const html = new TextDecoder().decode((await ask(page)).body);
  const style = /href="(\/[^"]+\.css[^"]*)"/.exec(html)![1]!;
  for (const path of [page, style, "/v1/openapi.json"]) {
    const plain = await ask(path);
    assertEquals([plain.status, ...told(plain)], [200, null, false]);
    const brotli = await ask(path, br);
    assertEquals([path, ...told(brotli)], [path, "br", true]);
    const gzip = await ask(path, { "accept-encoding": "gzip" });
    assertEquals([path, ...told(gzip)], [path, "gzip", true]);
    assert(
      brotli.body.length * 2 < plain.body.length,
      `${path}: ${brotli.body.length} of ${plain.body.length}`,
    );
    for (const body of [brotliDecompressSync(brotli.body), gunzipSync(gzip.body)]) {
      // The nonce of a page differs each time.
      assertEquals(body.length, plain.body.length);
    }
    for (const refused of ["identity", "br;q=0, gzip;q=0", "zstd"]) {
      assertEquals(told(await ask(path, { "accept-encoding": refused })), [null, false]);
    }
  }
});

Deno.test("a kept answer is good again after it was compressed, and a changed ticket is still known by its version", async () => {
  const html = new TextDecoder().decode((await ask("/register")).body);
  const style = /href="(\/[^"]+\.css)/.exec(html)![1]!;
  const { headers } = await ask(style, br);
  const etag = headers.get("etag");
  if (etag) {
    const again = await ask(style, { ...br, "if-none-match": etag });
    assertEquals([again.status, again.body.length], [304, 0]);
  }
  const raised = await fetch(`${server.url}/v1/tickets`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ title: "Long", description: "word ".repeat(500) }),
  });
  const { id } = await raised.json();
  const read = await ask(`/v1/tickets/${id}`, { ...br, authorization });
  assertEquals([...told(read), read.headers.get("etag")], ["br", true, 'W/"1"']);
  const changed = await fetch(`${server.url}/v1/tickets/${id}`, {
    method: "PATCH",
    headers: { authorization, "content-type": "application/json", "if-match": read.headers.get("etag")! },
    body: JSON.stringify({ title: "Longer" }),
  });
  assertEquals([changed.status, (await changed.json()).version], [200, 2]);
});

Deno.test("HEAD has no body, and files that are compressed already stay as they are, whole or in part", async () => {
  const head = await ask("/register", br, "HEAD");
  assertEquals([head.status, head.body.length], [200, 0]);
  const upload = await fetch(`${server.url}/v1/attachments`, {
    method: "POST",
    headers: { authorization },
    body: formOf([{ name: "a.png", content: png(40, 40) }, {
      name: "a.txt",
      content: "word ".repeat(5_000),
    }]),
  });
  const [picture, text] = (await upload.json()).items;
  const content = (id: string) => `/v1/attachments/${id}/content`;
  const shown = await ask(content(picture.id), { ...br, authorization });
  assertEquals([...told(shown), shown.body.length], [null, false, picture.size]);
  const file = await ask(content(text.id), { ...br, authorization });
  assertEquals(told(file)[0], "br");
  assertEquals(brotliDecompressSync(file.body).length, text.size);
  const again = await ask(content(text.id), {
    ...br,
    authorization,
    "if-none-match": file.headers.get("etag")!,
  });
  assertEquals([again.status, again.body.length], [304, 0]);
  // Parts aren't served: who asks for some gets the whole file.
  const part = await ask(content(text.id), { ...br, authorization, range: "bytes=0-9" });
  assertEquals([part.status, brotliDecompressSync(part.body).length], [200, text.size]);
});

Deno.test("an event stream isn't compressed: its first event comes at once", async () => {
  const response = await fetch(`${server.url}/v1/events`, {
    headers: { authorization, accept: "text/event-stream", "accept-encoding": "gzip, br" },
  });
  assertEquals([response.status, response.headers.get("content-encoding")], [200, null]);
  const reader = response.body!.getReader();
  const first = await Promise.race([
    reader.read(),
    new Promise<null>((done) => setTimeout(done, 5_000, null)),
  ]);
  assert(first?.value, "Nothing came within five seconds");
  await reader.cancel();
});

Deno.test("what another site has a browser ask for as a signed-in person isn't compressed", async () => {
  const headers = { ...br, cookie: "session=x", "sec-fetch-site": "cross-site" };
  const guarded = await ask("/register", headers);
  assertEquals([guarded.status, ...told(guarded)], [200, null, false]);
  assertEquals(guarded.headers.get("cache-control"), "no-store, no-transform");
});
