import type { Principal } from "@/domain/events/audience.ts";
import type { FeedPosition } from "@/domain/events/position.ts";

/** What may wait in this process for a reader that doesn't keep up, in bytes; and for how long, in milliseconds. */
const MOST_QUEUED = 64 * 1024;
const UNREAD_MS = 30_000;

/** Why a stream is over. */
export type EndReason = "gone" | "slow" | "session" | "stop" | "age" | "failed";

/**
 * One reader's stream. There are thousands of them, so what one keeps is little: bytes are made once for all who get
 * the same.
 */
export class EventStream {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Up to where it has been given everything; null where that is as far as its room has read. */
  position: FeedPosition | null;
  /** Whether it gets what its room reads; until then it is given what it missed. */
  following = false;
  readonly sessionId: string;
  readonly endsAt: number;
  principal: Principal;
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  #queue: Uint8Array<ArrayBuffer>[] = [];
  #queued = 0;
  /** Resolves the reader's open request for more. */
  #wanted: (() => void) | null = null;
  #drained: (() => void) | null = null;
  #unreadSince = 0;
  #over = false;
  readonly #ended: (stream: EventStream, why: EndReason) => void;

  /** @param options `endsAt` by performance.now(); `ended` is told once, whoever ended it */
  constructor(options: {
    sessionId: string;
    principal: Principal;
    position: FeedPosition;
    endsAt: number;
    ended: (stream: EventStream, why: EndReason) => void;
  }) {
    this.sessionId = options.sessionId;
    this.principal = options.principal;
    this.position = options.position;
    this.endsAt = options.endsAt;
    this.#ended = options.ended;
    this.body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#pull(),
      cancel: () => this.#finish("gone"),
      // Nothing is taken before it is asked for: what waits is counted here.
    }, { highWaterMark: 0 });
  }

  get isEnded(): boolean {
    return this.#over;
  }

  /** Gives the reader some bytes; one that doesn't keep up is dropped, and resumes when it likes. */
  push(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#over) return;
    if (this.#wanted) return this.#give(bytes);
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.#unreadSince ||= performance.now();
    if (this.#queued > MOST_QUEUED) this.end("slow");
  }

  /** Resolves when nothing waits to be read, or it is over. */
  async drained(): Promise<void> {
    if (this.#queued === 0 || this.#over) return;
    await new Promise<void>((done) => this.#drained = done);
  }

  /** Drops a reader that has left something unread for too long. */
  endIfStalled(now: number): void {
    if (this.#unreadSince > 0 && now - this.#unreadSince > UNREAD_MS) this.end("slow");
  }

  /** Ends it; `last` is what the reader is told before, if it reads. */
  end(why: EndReason, last?: Uint8Array<ArrayBuffer>): void {
    if (this.#over) return;
    if (last && this.#queued === 0) this.#controller.enqueue(last);
    // A reader that has vanished says so as it is given something.
    if (this.isEnded) return;
    this.#controller.close();
    this.#finish(why);
  }

  #pull(): Promise<void> | void {
    const next = this.#queue.shift();
    if (!next) return new Promise((done) => this.#wanted = done);
    this.#queued -= next.length;
    this.#unreadSince = this.#queued > 0 ? performance.now() : 0;
    this.#controller.enqueue(next);
    if (this.#queued === 0) this.#release();
  }

  #give(bytes: Uint8Array<ArrayBuffer>): void {
    const done = this.#wanted!;
    this.#wanted = null;
    this.#controller.enqueue(bytes);
    done();
  }

  #release(): void {
    this.#drained?.();
    this.#drained = null;
  }

  #finish(why: EndReason): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue = [];
    this.#queued = 0;
    this.#wanted?.();
    this.#wanted = null;
    this.#release();
    this.#ended(this, why);
  }
}
