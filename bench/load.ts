/**
 * The load generator, a process of its own so that its work can be told from the product's: keeps `connections` open
 * (HTTP/1.1, keep-alive), each sending its next request when the last was answered. Raw sockets: a client that costs
 * as much as the server would halve what is measured on two cores. Reads a {@link Job} from standard input, writes
 * an {@link Outcome} to standard output.
 */
import process from "node:process";
import type { Shot } from "./scenarios.ts";

export interface Job {
  port: number;
  connections: number;
  seconds: number;
  warmupSeconds: number;
  shots: Shot[];
}

/** What came of it; times in milliseconds. */
export interface Outcome {
  requests: number;
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  /** Bytes of an answer, its head included, on average. */
  bytes: number;
  /** Answers with another status, and broken connections. */
  failures: number;
  /** The first of them. */
  failure?: string;
  /** Processor time that the generator took per request, in milliseconds. */
  ownCpu: number;
}

const MOST_REQUESTS = 1_000_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Tally {
  times: Float64Array;
  count: number;
  bytes: number;
  failures: number;
  failure?: string;
  from: number;
  until: number;
  next: number;
}

/** Runs one job. @throws when nothing listens there */
export async function load(job: Job): Promise<Outcome> {
  const shots = job.shots.map((shot) => ({ bytes: written(shot, job.port), status: shot.status }));
  const from = performance.now() + job.warmupSeconds * 1000;
  const tally: Tally = {
    times: new Float64Array(MOST_REQUESTS),
    count: 0,
    bytes: 0,
    failures: 0,
    from,
    until: from + job.seconds * 1000,
    next: 0,
  };
  let cpu = process.cpuUsage();
  setTimeout(() => cpu = process.cpuUsage(), job.warmupSeconds * 1000);
  await Promise.all(Array.from({ length: job.connections }, () => lane(job.port, shots, tally)));
  const used = process.cpuUsage(cpu);
  const times = tally.times.subarray(0, tally.count).sort();
  const quantile = (q: number) => round(times[Math.min(times.length - 1, Math.floor(times.length * q))] ?? 0);
  return {
    requests: tally.count,
    perSecond: round(tally.count / job.seconds),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    bytes: Math.round(tally.bytes / Math.max(1, tally.count)),
    failures: tally.failures,
    ...(tally.failure ? { failure: tally.failure } : {}),
    ownCpu: round((used.user + used.system) / 1000 / Math.max(1, tally.count)),
  };
}

async function lane(
  port: number,
  shots: { bytes: Uint8Array; status: number }[],
  tally: Tally,
): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(1 << 20);
  while (tally.count < MOST_REQUESTS) {
    const shot = shots[tally.next++ % shots.length]!;
    const began = performance.now();
    if (began >= tally.until) return;
    await writeAll(conn, shot.bytes);
    const { status, size } = await answer(conn, buffer);
    const ended = performance.now();
    if (status !== shot.status) {
      tally.failures++;
      tally.failure ??= decoder.decode(buffer.subarray(0, Math.min(size, 600)));
      if (status === 0) return;
    }
    if (ended < tally.from || ended > tally.until) continue;
    tally.times[tally.count++] = ended - began;
    tally.bytes += size;
  }
}

async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
}

/** Reads one answer whole into `buffer`; status 0 when the connection ended. */
async function answer(conn: Deno.Conn, buffer: Uint8Array): Promise<{ status: number; size: number }> {
  let size = 0;
  let end = -1;
  let chunked = false;
  let status = 0;
  while (true) {
    const read = await conn.read(buffer.subarray(size));
    if (read === null || read === 0) return { status: 0, size };
    size += read;
    if (end < 0 && !chunked) {
      const head = headLength(buffer, size);
      if (head < 0) continue;
      const text = decoder.decode(buffer.subarray(0, head)).toLowerCase();
      status = Number(text.slice(9, 12));
      const length = /\r\ncontent-length: (\d+)/.exec(text)?.[1];
      if (length !== undefined) end = head + Number(length);
      else if (text.includes("\r\ntransfer-encoding: chunked")) chunked = true;
      else end = head;
    }
    if (chunked ? endsChunks(buffer, size) : size >= end) return { status, size };
  }
}

function headLength(buffer: Uint8Array, size: number): number {
  for (let i = 3; i < size; i++) {
    if (buffer[i] === 10 && buffer[i - 1] === 13 && buffer[i - 2] === 10 && buffer[i - 3] === 13) {
      return i + 1;
    }
  }
  return -1;
}

/** The last chunk is "0\r\n\r\n"; no text of ours ends a network read with that by itself. */
function endsChunks(buffer: Uint8Array, size: number): boolean {
  return size >= 7 && decoder.decode(buffer.subarray(size - 7, size)) === "\r\n0\r\n\r\n";
}

function written(shot: Shot, port: number): Uint8Array {
  const body = encoder.encode(shot.body ?? "");
  const headers = { host: `localhost:${port}`, ...shot.headers };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const length = shot.body === undefined ? "" : `content-length: ${body.length}\r\n`;
  const head = encoder.encode(`${shot.method} ${shot.path} HTTP/1.1\r\n${lines}${length}\r\n`);
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return whole;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

if (import.meta.main) {
  const job = JSON.parse(await new Response(Deno.stdin.readable).text()) as Job;
  await Deno.stdout.write(encoder.encode(JSON.stringify(await load(job))));
  // Connections that are still open would keep the process.
  Deno.exit(0);
}
