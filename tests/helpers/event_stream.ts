/** A reader of `GET /v1/events`, as a browser's EventSource reads it. */

import type { Desk } from "./desk.ts";

/** Waits until the feed has all that was made so far: a transaction of another database on this server can hold it back. */
export async function feedSettled(desk: Desk): Promise<void> {
  const held = () =>
    desk.look("select from events where xid >= pg_snapshot_xmin(pg_current_snapshot()) limit 1");
  while ((await held()).length > 0) await new Promise((done) => setTimeout(done, 50));
}

/** What a stream says: an event, or a reset. */
export interface Message {
  id: string;
  type: string;
  // deno-lint-ignore no-explicit-any -- tests look into what came
  data: any;
}

/** An open stream, and everything that came over it. */
export class StreamReader {
  readonly messages: Message[] = [];
  comments = 0;
  retry: number | undefined;
  /** The last id that was said, with an event or without. */
  lastId = "";
  ended = false;
  error: unknown;
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #news: (() => void)[] = [];

  constructor(readonly response: Response) {
    this.#reader = response.body!.getReader();
    this.#read();
  }

  get topics(): string[] {
    return this.messages.map(({ data }) => data.topic);
  }

  /** Waits until `is` says so of what came. @throws Error after `ms` milliseconds */
  async until(is: (reader: this) => boolean, ms = 5_000): Promise<this> {
    const deadline = performance.now() + ms;
    while (!is(this)) {
      const left = deadline - performance.now();
      if (left <= 0) {
        throw new Error(`Cannot go on: not so after ${ms} ms: ${is}; came: ${this.topics.join()}`);
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      await Promise.race([
        new Promise<void>((done) => this.#news.push(done)),
        new Promise((done) => timer = setTimeout(done, left)),
      ]);
      clearTimeout(timer);
    }
    return this;
  }

  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
    await this.until(({ ended }) => ended);
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = "";
    try {
      for (let piece = await this.#reader.read(); !piece.done; piece = await this.#reader.read()) {
        text += decoder.decode(piece.value, { stream: true });
        const blocks = text.split("\n\n");
        text = blocks.pop()!;
        for (const block of blocks) this.#take(block);
        this.#tell();
      }
    } catch (error) {
      this.error = error;
    }
    this.ended = true;
    this.#tell();
  }

  #take(block: string): void {
    const fields = new Map(
      block.split("\n").map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trimStart()] as const;
      }),
    );
    if (fields.has("")) this.comments++;
    if (fields.has("retry")) this.retry = Number(fields.get("retry"));
    const id = fields.get("id");
    if (id !== undefined) this.lastId = id;
    const data = fields.get("data");
    if (data === undefined) return;
    this.messages.push({ id: this.lastId, type: fields.get("event") ?? "message", data: JSON.parse(data) });
  }

  #tell(): void {
    for (const done of this.#news.splice(0)) done();
  }
}
