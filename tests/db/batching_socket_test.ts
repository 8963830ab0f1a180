import { Buffer } from "node:buffer";
import { once } from "node:events";
import { createServer, type Server, Socket } from "node:net";
import { BatchingSocket } from "@/db/batching_socket.ts";
import { assert, assertEquals } from "@/tests/helpers/assert.ts";

/** A server that keeps what it got; it reads nothing until `read` is called. */
async function openServer() {
  let taken: Socket | undefined;
  const server: Server = createServer({ pauseOnConnect: true }, (socket) => taken = socket);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const chunks: Buffer[] = [];
  const socket = new BatchingSocket();
  socket.connect((server.address() as { port: number }).port, "127.0.0.1");
  await once(socket, "connect");
  while (!taken) await new Promise((done) => setTimeout(done, 5));
  const peer = taken;
  peer.on("data", (chunk: Buffer) => chunks.push(chunk));
  peer.on("error", () => {});
  peer.pause();
  return {
    socket,
    peer,
    got: () => Buffer.concat(chunks),
    async [Symbol.asyncDispose]() {
      socket.destroy();
      peer.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** How often the system is asked to write while `work` runs, and with how many bytes. */
async function writesOf(socket: BatchingSocket, work: () => void): Promise<number[]> {
  const sizes: number[] = [];
  const { write } = Socket.prototype;
  Socket.prototype.write = function (this: Socket, ...args: Parameters<typeof write>) {
    if (this === socket) sizes.push((args[0] as Uint8Array).length);
    return write.apply(this, args);
  } as typeof write;
  try {
    work();
    await new Promise((done) => setTimeout(done, 0));
  } finally {
    Socket.prototype.write = write;
  }
  return sizes;
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("what one turn writes is one write, in its order", async () => {
  await using server = await openServer();
  const { socket, peer, got } = server;
  const sizes = await writesOf(socket, () => {
    for (const text of ["parse ", "bind ", "execute ", "sync"]) socket.write(bytes(text));
  });
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
