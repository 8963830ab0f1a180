import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { batchWrites } from "@/db/batch_writes.ts";
import { closePool, openPool, transaction } from "@/db/pool.ts";
import { sql } from "@/db/sql.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";
import { startExternal } from "./cluster.ts";

/** A server that keeps what it got; it reads nothing until `read` is called. */
async function openServer() {
  let taken: Socket | undefined;
  const server: Server = createServer({ pauseOnConnect: true }, (socket) => taken = socket);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const chunks: Buffer[] = [];
  const socket = connect((server.address() as { port: number }).port, "127.0.0.1");
  await once(socket, "connect");
  /** How many bytes the system is asked to write each time. */
  const sizes: number[] = [];
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = (...args: unknown[]) => {
    sizes.push((args[0] as Uint8Array).length);
    return write(...args);
  };
  batchWrites(socket);
  while (!taken) await new Promise((done) => setTimeout(done, 5));
  const peer = taken;
  peer.on("data", (chunk: Buffer) => chunks.push(chunk));
  peer.on("error", () => {});
  peer.pause();
  return {
    socket,
    peer,
    sizes,
    got: () => Buffer.concat(chunks),
    async [Symbol.asyncDispose]() {
      socket.destroy();
      peer.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("what one turn writes is one write, in its order", async () => {
  await using server = await openServer();
  const { socket, peer, sizes, got } = server;
  for (const text of ["parse ", "bind ", "execute ", "sync"]) socket.write(bytes(text));
  await new Promise((done) => setTimeout(done, 0));
  assertEquals(sizes, [23]);
  socket.write(bytes(" then"));
  // What has a callback or is text goes at once, behind what was written before.
  await new Promise<void>((done) => socket.write(" text", () => done()));
  socket.write(bytes(" last"));
  socket.end();
  peer.resume();
  await once(peer, "end");
  assertEquals(got().toString(), "parse bind execute sync then text last");
});

Deno.test("back-pressure: a full buffer is told to the writer, and so is that it has drained", async () => {
  await using server = await openServer();
  const { socket, peer, got } = server;
  const piece = new Uint8Array(socket.writableHighWaterMark / 4);
  // Within one turn already, when nothing was handed to the system yet.
  assertEquals([1, 2, 3, 4].map(() => socket.write(piece)), [true, true, true, false]);
  await once(socket, "drain");
  let written = 4;
  // The peer reads nothing: at some time the system takes no more.
  while (written < 4_000) {
    const more = socket.write(piece);
    written++;
    await new Promise((done) => setTimeout(done, 0));
    if (!more) break;
  }
  assert(socket.writableNeedDrain, `${written} pieces, and still no back-pressure`);
  assertEquals(socket.write(piece), false);
  peer.resume();
  await once(socket, "drain");
  assertEquals(socket.write(bytes("x")), true);
  socket.end();
  await once(peer, "end");
  assertEquals(got().length, (written + 1) * piece.length + 1);
});

Deno.test("what was written to a connection that broke in the same turn is dropped", async () => {
  await using server = await openServer();
  const { socket } = server;
  const errors: unknown[] = [];
  socket.on("error", (error: unknown) => errors.push(error));
  socket.write(bytes("select 1"));
  socket.destroy();
  await new Promise((done) => setTimeout(done, 20));
  assertEquals(errors, []);
});

/** A proxy that counts the TLS records of application data from the client. */
async function countRecords(port: number) {
  const count = { records: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) sockets.add(socket.on("error", () => {}));
    // The request for TLS comes before the first record.
    let left = Buffer.alloc(0);
    let skip = 8;
    client.on("data", (data: Buffer) => {
      left = Buffer.concat([left, data.subarray(skip)]);
      skip = Math.max(skip - data.length, 0);
      for (let length; left.length >= 5 && left.length >= (length = 5 + left.readUInt16BE(3));) {
        if (left[0] === 0x17) count.records++;
        left = left.subarray(length);
      }
    });
    client.pipe(upstream);
    upstream.pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(count, {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  });
}

Deno.test("the statements of a flight are one record on a connection with TLS", async () => {
  await using external = await startExternal({ tls: true });
  await using proxy = await countRecords(Number(new URL(external.url("postgres")).port));
  await using admin = await external.connect("postgres");
  await admin.query("create role servicehub_app login password 'of the app'");
  const url = new URL(external.url("postgres"));
  url.port = String(proxy.port);
  url.search = "sslmode=no-verify";
  openPool({ connectionString: url.href }, { doorSecret: "", password: "of the app" });
  try {
    await transaction({ open: () => ({ text: "select" }) }, async (db) => {
      const { rows } = await admin.query(
        "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where usename = $1",
        [
          "servicehub_app",
        ],
      );
      assertEquals(rows, [{ ssl: true }]);
      const before = proxy.records;
      const answers = await Promise.all(
        [1, 2, 3, 4, 5].map((n) => db.rows<{ n: number }>(sql`select ${n}::int as n`)),
      );
      assertEquals(answers.flat().map(({ n }) => n), [1, 2, 3, 4, 5]);
      assertEquals(proxy.records - before, 1);
    });
  } finally {
    await closePool();
  }
});
