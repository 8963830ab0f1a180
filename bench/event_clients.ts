/**
 * Readers of event streams, a process of its own: opens as many as it is told over bare sockets and notes when each
 * event arrives. Takes a {@link Readers} as its first line, then a line whenever an account is wanted; answers each
 * with a line of JSON.
 */

export interface Readers {
  port: number;
  tokens: string[];
  streams: number;
  /** One in so many notes when events arrive; the others read late, so that this process leaves the other its cores. */
  noteEvery: number;
}

/** What came so far: for each event by its entity, when it arrived at each reader, in epoch milliseconds. */
export interface Account {
  open: number;
  ended: number;
  arrivals: Record<string, number[]>;
}

const AT_ONCE = 16;
/** Longer than between two heartbeats: there is something to read then, and nobody waits for it. */
const LATE_MS = 14_000;
const encoder = new TextEncoder();
const ENTITY = /"entityId":"([\w-]+)"/g;

async function main(): Promise<void> {
  const lines = linesOf(Deno.stdin.readable);
  const { port, tokens, streams, noteEvery } = JSON.parse((await lines.next()).value!) as Readers;
  const account: Account = { open: 0, ended: 0, arrivals: {} };
  let next = 0;
  const opener = async () => {
    for (let i = next++; i < streams; i = next++) {
      await open({ port, token: tokens[i % tokens.length]!, notes: i % noteEvery === 0 }, account);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, opener));
  say(account);
  for await (const _line of lines) {
    say(account);
    account.arrivals = {};
  }
}

interface Reader {
  port: number;
  token: string;
  notes: boolean;
}

/** Opens a stream and resolves when it has begun; reads on until it ends. */
async function open(reader: Reader, account: Account): Promise<void> {
  const { port, token, notes } = reader;
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const head =
    `GET /v1/events HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: text/event-stream\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  await connection.write(encoder.encode(head));
  const buffer = new Uint8Array(4096);
  const first = await connection.read(buffer);
  const status = new TextDecoder().decode(buffer.subarray(0, first ?? 0)).slice(9, 12);
  if (status === "503") {
    // As it is told to: the process is busy.
    connection.close();
    await new Promise((done) => setTimeout(done, 1_000));
    return await open(reader, account);
  }
  if (status !== "200") throw new Error(`Cannot open a stream: ${status}`);
  account.open++;
  (notes ? note(connection, buffer, account) : readLate(connection, buffer)).finally(() => account.ended++);
}

async function readLate(connection: Deno.TcpConn, buffer: Uint8Array): Promise<void> {
  do await new Promise((done) => setTimeout(done, LATE_MS)); while (await connection.read(buffer) !== null);
}

async function note(connection: Deno.TcpConn, buffer: Uint8Array, account: Account): Promise<void> {
  const decoder = new TextDecoder();
  for (let size = await connection.read(buffer); size !== null; size = await connection.read(buffer)) {
    const at = performance.timeOrigin + performance.now();
    for (const [, id] of decoder.decode(buffer.subarray(0, size)).matchAll(ENTITY)) {
      (account.arrivals[id!] ??= []).push(Math.round(at * 10) / 10);
    }
  }
}

function say(account: Account): void {
  Deno.stdout.writeSync(encoder.encode(JSON.stringify(account) + "\n"));
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  let text = "";
  for await (
    const piece of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
  ) {
    text += piece;
    const lines = text.split("\n");
    text = lines.pop()!;
    yield* lines;
  }
}

if (import.meta.main) await main();
