/** Uploads to the real process over real sockets: what comes out is what went in, and what breaks off leaves nothing. */
import { measureUploads } from "@/bench/upload_load.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { formOf } from "@/tests/helpers/client.ts";
import { png, storedFiles } from "@/tests/helpers/files.ts";
import { startServer } from "@/tests/helpers/server.ts";
import { register, until } from "./support.ts";

const server = await startServer({ env: { RATE_LIMIT_SCALE: "1000", SIGNUP: "open", LOG_LEVEL: "warn" } });
Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());
const token = await register(server.url);
const desk = { config: { DATA_DIR: server.dataDir } } as Parameters<typeof storedFiles>[0];

/** A picture's header with `size` random bytes behind it. */
function picture(size: number): Uint8Array<ArrayBuffer> {
  const head = png(2, 2);
  const all = new Uint8Array(head.length + size);
  all.set(head);
  for (let at = head.length; at < all.length; at += 65_536) {
    crypto.getRandomValues(all.subarray(at, Math.min(at + 65_536, all.length)));
  }
  return all;
}

async function sha256(bytes: BufferSource): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Opens a connection and sends the beginning of an upload of a text file. */
async function begin(bytes: number, length = 10_000_000): Promise<Deno.TcpConn> {
  const { hostname, port, host } = new URL(server.url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const text = `POST /v1/attachments HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n` +
    `content-type: multipart/form-data; boundary=x\r\ncontent-length: ${length}\r\n\r\n` +
    `--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n${"a".repeat(bytes)}`;
  const all = new TextEncoder().encode(text);
  for (let at = 0; at < all.length;) at += await connection.write(all.subarray(at));
  return connection;
}

Deno.test("What is downloaded is what was uploaded, byte for byte, among parallel uploads of several files", async () => {
  await Promise.all(Array.from({ length: 12 }, async (_, i) => {
    const sizes = [0, 1, 65_000, 65_536 * (i + 1), 1_000_000 + i * 7919];
    const files = sizes.map((size, n) => ({ name: `${n}.png`, content: picture(size) }));
    // Only the server sets these, so it drops them.
    const fields = { source: "b".repeat(i * 11_000), key: `${i}` };
    const response = await fetch(`${server.url}/v1/attachments`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: formOf(files, fields),
    });
    const { items } = await response.json();
    assertEquals(response.status, 201);
    for (const [n, { content }] of files.entries()) {
      assertEquals([items[n].name, items[n].size], [`${n}.png`, content.length]);
      const hash = await sha256(content);
      assertEquals(items[n].sha256, hash);
      const download = await fetch(`${server.url}/v1/attachments/${items[n].id}/content`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assertEquals(await sha256(await download.arrayBuffer()), hash);
    }
  }));
});

Deno.test("A client that goes away in the middle of an upload leaves nothing", async () => {
  const before = await storedFiles(desk);
  const connections = await Promise.all(Array.from({ length: 10 }, () => begin(2_000_000)));
  await until(async () => (await storedFiles(desk)).some((name) => name.endsWith(".part")), 10_000);
  for (const connection of connections) connection.close();
  const nothingLeft = async () => (await storedFiles(desk)).join() === before.join();
  // What the server comes to late begins after the others have gone.
  await until(async () => {
    if (!await nothingLeft()) return false;
    await new Promise((done) => setTimeout(done, 1_000));
    return await nothingLeft();
  }, 20_000);
  assert(!server.output().includes("Unexpected error"), server.output());
});

Deno.test("REL-22 a client that stalls is let go of, with 400, and leaves nothing", async () => {
  const before = await storedFiles(desk);
  const began = Date.now();
  using connection = await begin(1_000_000);
  const answer = new TextDecoder().decode((await connection.readable.getReader().read()).value);
  assert(answer.startsWith("HTTP/1.1 400"), answer);
  assert(answer.includes("too slowly"), answer);
  assert(Date.now() - began < 60_000);
  assertEquals(await storedFiles(desk), before);
});

Deno.test("20 parallel uploads of 25 MiB grow the process by at most 100 MiB", async () => {
  const { beforeMiB, peakMiB } = await measureUploads({
    url: server.url,
    pid: server.pid,
    parallel: 20,
    mib: 25,
  });
  assert(peakMiB - beforeMiB <= 100, `grown from ${beforeMiB} to ${peakMiB} MiB`);
});

Deno.test("A process that is asked to stop lets uploads end that are nearly there", async () => {
  const connection = await begin(1_000_000, 1_000_200);
  await until(async () => (await storedFiles(desk)).some((name) => name.endsWith(".part")), 10_000);
  server.kill("SIGTERM");
  await new Promise((done) => setTimeout(done, 300));
  const sent = 1_000_000 +
    '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'.length;
  const padding = "a".repeat(1_000_200 - sent - "\r\n--x--\r\n".length);
  const all = new TextEncoder().encode(`${padding}\r\n--x--\r\n`);
  for (let at = 0; at < all.length;) at += await connection.write(all.subarray(at));
  const answer = new TextDecoder().decode((await connection.readable.getReader().read()).value);
  assert(answer.startsWith("HTTP/1.1 201"), answer);
  assertEquals(await server.ended, 0);
});
