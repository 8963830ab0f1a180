import type { Principal } from "@/domain/events/audience.ts";
import type { FeedPosition } from "@/domain/events/position.ts";

/** Limits for slow readers. */
const MOST_QUEUED = 64 * 1024;
const UNREAD_MS = 30_000;

export type EndReason = "gone" | "slow" | "session" | "stop" | "age" | "failed";

/** One client's stream. There are thousands, so buffers are shared between streams with the same events. */
export class EventStream {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Null once it is where its room is. */
  position: FeedPosition | null;
  /** False while it catches up. */
  following = false;
  readonly sessionId: string;
  readonly endsAt: number;
  principal: Principal;
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  #queue: Uint8Array<ArrayBuffer>[] = [];
  #queued = 0;
  /** Resolves the reader's pending pull. */
  #wanted: (() => void) | null = null;
  #drained: (() => void) | null = null;
  #unreadSince = 0;
  #over = false;
  readonly #ended: (stream: EventStream, why: EndReason) => void;

  /** @param options `endsAt` by performance.now(); `ended` is called once */
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
      // Queued here, not in the stream, so that the queue can be measured.
    }, { highWaterMark: 0 });
  }

  get isEnded(): boolean {
    return this.#over;
  }

  /** Sends bytes; a reader that falls behind is dropped and may resume later. */
  push(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#over) return;
    if (this.#wanted) return this.#give(bytes);
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.#unreadSince ||= performance.now();
    if (this.#queued > MOST_QUEUED) this.end("slow");
  }

  async drained(): Promise<void> {
    if (this.#queued === 0 || this.#over) return;
    await new Promise<void>((done) => this.#drained = done);
  }

  endIfStalled(now: number): void {
    if (this.#unreadSince > 0 && now - this.#unreadSince > UNREAD_MS) this.end("slow");
  }

  /** @param last is sent first if nothing is queued */
  end(why: EndReason, last?: Uint8Array<ArrayBuffer>): void {
    if (this.#over) return;
    if (last && this.#queued === 0) this.#controller.enqueue(last);
    // Enqueueing reveals that the reader has gone.
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
