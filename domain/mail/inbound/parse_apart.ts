import { Worker } from "node:worker_threads";
import type { InboundContent } from "./parse_mail.ts";

/** With those that wait in other slots, shorter than a job's deadline. */
const DEADLINE_MS = 7_000;
const START_MS = 20_000;
/** Objects of the library; bytes of files aren't among them. */
const MEMORY = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32 };

/** An email took too long to parse. A busy machine may be why, so it is worth another attempt. */
export class ParseTimeout extends Error {}

/** Why an email can't be parsed at all, for admins. */
export class UnreadableMail extends Error {}

interface Parser {
  worker: Worker;
  /** @throws UnreadableMail, ParseTimeout; afterwards `ended` is true if the thread was ended */
  read(raw: Uint8Array): Promise<InboundContent>;
  ended: boolean;
}

let current: Promise<Parser> | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Starts the thread, which takes a moment of the main one. */
export function startParser(): void {
  current ??= openParser();
  current.catch(() => current = undefined);
}

/**
 * Parses a raw email outside the event loop, one after the other, within limits of time and memory. Takes `raw` away:
 * copying it would cost the event loop as much again.
 * @throws UnreadableMail; ParseTimeout
 */
export function parseApart(raw: Uint8Array, { deadlineMs = DEADLINE_MS } = {}): Promise<InboundContent> {
  const turn = last.then(async () => {
    const parser = await runningParser();
    try {
      return await within(parser.read(raw), deadlineMs);
    } catch (error) {
      if (!(error instanceof ParseTimeout) && !parser.ended) throw error;
      current = undefined;
      await parser.worker.terminate();
      throw error;
    }
  });
  last = turn.catch(() => {});
  return turn;
}

async function runningParser(): Promise<Parser> {
  startParser();
  const parser = await current!;
  if (!parser.ended) return parser;
  current = openParser();
  return await current;
}

async function openParser(): Promise<Parser> {
  const worker = new Worker(new URL("./parse_worker.ts", import.meta.url), { resourceLimits: MEMORY });
  // Nothing waits for it when the process stops.
  worker.unref();
  let settle: PromiseWithResolvers<unknown> | undefined = Promise.withResolvers();
  const parser: Parser = {
    worker,
    ended: false,
    async read(raw) {
      settle = Promise.withResolvers();
      // Bare buffers: of an array each byte would be looked at, which takes seconds.
      const buffer = (raw.byteLength === raw.buffer.byteLength ? raw : raw.slice()).buffer as ArrayBuffer;
      worker.postMessage(buffer, [buffer]);
      const answer = await settle.promise as { content: InboundContent } | { problem: string };
      if ("problem" in answer) throw new UnreadableMail(answer.problem);
      const files = answer.content.files.map((file) => ({ ...file, content: new Uint8Array(file.content) }));
      return { ...answer.content, files };
    },
  };
  worker.on("message", (message) => settle?.resolve(message));
  worker.on("error", (error: Error & { code?: string }) => {
    parser.ended = true;
    const isMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
    settle?.reject(isMemory ? new UnreadableMail("The email takes too much memory to read") : error);
  });
  await within(settle.promise, START_MS).catch(async (error) => {
    await worker.terminate();
    throw error;
  });
  return parser;
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new ParseTimeout("The email takes too long to read")), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
