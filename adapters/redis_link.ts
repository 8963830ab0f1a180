import { createClient, ErrorReply } from "redis";
import { log } from "@/log.ts";
import type { Wire } from "./wired_bus.ts";

const COMMAND_MS = 80;
/** Grace after the timeout, in milliseconds: this process may have been too busy to read the answer. */
const GRACE_MS = 15;
/** Intervals of health checks while Redis answers and while it doesn't, in milliseconds. */
const PROBE_EVERY_MS = { up: 1_000, away: 250 };
const PROBE_MS = 400;
/** After this many failed checks the connections are reopened: a cut line doesn't always show. */
const PROBES_IN_VAIN = 5;
const START_MS = 1_000;
const LOG_EVERY_MS = 60_000;

type Connection = ReturnType<typeof open>;

/** Thrown when Redis has no answer in time. */
export class RedisAway extends Error {}

/** One connection for commands, one that listens. A message to itself checks both, so a Redis that hangs is noticed too. */
export class RedisLink implements Wire {
  readonly over = "redis";
  readonly #url: string;
  readonly #prefix: string;
  readonly #probes: string;
  readonly #listeners: ((text: string) => void)[] = [];
  #commands!: Connection;
  #listening!: Connection;
  #up = false;
  #closed = false;
  #heard: (text: string) => void = () => {};
  #wake: () => void = () => {};
  #watching: Promise<void>;
  #loggedAt = -Infinity;
  #reason = "no answer in time";

  /** @param prefix of every key and channel: installations that share a Redis don't meet */
  constructor(url: string, prefix: string) {
    this.#url = url;
    this.#prefix = prefix;
    this.#probes = this.key(`probe:${crypto.randomUUID()}`);
    this.#connect();
    this.#watching = this.#watch();
  }

  /** Waits briefly for Redis. @returns the link, which works now or later */
  static async open(url: string, prefix: string): Promise<RedisLink> {
    const link = new RedisLink(url, prefix);
    const deadline = performance.now() + START_MS;
    while (!link.#up && performance.now() < deadline) await pause(20);
    if (!link.#up) {
      const reason = link.#reason;
      log("warn", "Redis can't be reached: limits are stricter and kept in this process", { reason });
    }
    return link;
  }

  get up(): boolean {
    return this.#up;
  }

  /** Asks Redis, for 0.1 s at most. @throws RedisAway without an answer; else the error that Redis answered */
  async ask(words: string[]): Promise<unknown> {
    if (!this.#up) throw new RedisAway("Redis is away");
    const answer = this.#commands.sendCommand(words);
    try {
      return await within(COMMAND_MS, answer);
    } catch (error) {
      if (error instanceof ErrorReply) throw error;
      // One late answer may be a busy machine's: the next look tells.
      this.#wake();
      throw new RedisAway("Redis has no answer", { cause: error });
    }
  }

  key(name: string): string {
    return this.#prefix + name;
  }

  /** Sends a text to every process that listens, this one too. It may be lost. Never throws. */
  async send(text: string): Promise<void> {
    await this.ask(["PUBLISH", this.key("bus"), text]).catch((error) => this.report(error));
  }

  listen(listener: (text: string) => void): void {
    this.#listeners.push(listener);
  }

  report(error: unknown): void {
    if (!(error instanceof ErrorReply) || performance.now() - this.#loggedAt < LOG_EVERY_MS) return;
    this.#loggedAt = performance.now();
    log("error", "Redis refused a command", { error });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#up = false;
    this.#wake();
    await this.#watching;
    this.#disconnect();
  }

  #connect(): void {
    // Unheard, an error of a connection would end the process. The watch notices it by itself.
    const failed = ({ message }: Error) => this.#reason = message;
    this.#commands = open(this.#url).on("error", failed);
    this.#listening = open(this.#url).on("error", failed);
    this.#commands.connect().catch(() => {});
    const listening = this.#listening;
    // After a cut the client subscribes again by itself.
    listening.connect().then(() =>
      Promise.all([
        listening.subscribe(this.key("bus"), (text) => this.#tell(text)),
        listening.subscribe(this.#probes, (mark) => this.#heard(mark)),
      ])
    ).catch(() => {});
  }

  #tell(text: string): void {
    for (const listener of this.#listeners) listener(text);
  }

  #disconnect(): void {
    for (const client of [this.#commands, this.#listening]) {
      try {
        client.destroy();
      } catch {
        // It is closed already.
      }
    }
  }

  #lost(): void {
    if (!this.#up) return;
    this.#up = false;
    log("warn", "Redis is away: limits are stricter and kept in this process, messages come by polling", {
      reason: this.#reason,
    });
  }

  async #watch(): Promise<void> {
    let inVain = 0;
    let wasUp = false;
    while (!this.#closed) {
      if (await this.#probe()) {
        inVain = 0;
        if (!this.#up && wasUp) log("info", "Redis is back");
        this.#up = wasUp = true;
        this.#reason = "no answer in time";
      } else {
        this.#lost();
        if (++inVain % PROBES_IN_VAIN === 0) {
          this.#disconnect();
          this.#connect();
        }
      }
      await new Promise<void>((done) => {
        const timer = setTimeout(done, this.#up ? PROBE_EVERY_MS.up : PROBE_EVERY_MS.away);
        this.#wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }

  async #probe(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const mark = crypto.randomUUID();
    this.#heard = (text) => text === mark && resolve();
    try {
      const sent = this.#commands.sendCommand(["PUBLISH", this.#probes, mark]);
      await within(PROBE_MS, Promise.all([sent, promise]));
      return !this.#closed;
    } catch (error) {
      if (error instanceof ErrorReply) this.#reason = error.message;
      return false;
    }
  }
}

function open(url: string) {
  return createClient({
    url,
    RESP: 2,
    // While disconnected, commands fail at once instead of queueing.
    disableOfflineQueue: true,
    socket: { connectTimeout: 1_000, reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, 1_000) },
  });
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      timer = setTimeout(() => reject(new RedisAway("No answer in time")), GRACE_MS);
    }, ms);
  });
  // A command that timed out may still fail later, unobserved.
  work.catch(() => {});
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
