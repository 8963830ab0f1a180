import pg from "pg";
import { clientConfig, type Target } from "./connect.ts";

const CHANNEL = "servicehub";
/** Least time between two messages, in milliseconds: a NOTIFY holds a lock of the whole cluster as it commits. */
const GAP_MS = 10;
const PROBE_MS = 3_000;
const ANSWER_MS = 2_000;
const RETRY_MS = { first: 100, most: 5_000 };

type Log = (level: "info" | "warn", message: string, fields?: Record<string, unknown>) => void;

/** One connection outside every request's transaction. It comes back by itself; what is said meanwhile is lost. */
export class Notifier {
  readonly over = "postgresql";
  readonly #config: pg.ClientConfig;
  readonly #log: Log;
  readonly #listeners: ((text: string) => void)[] = [];
  readonly #done: Promise<void>;
  #end: () => void = () => {};
  #client: pg.Client | undefined;
  #closed = false;

  constructor(target: Target, { user, password, log }: { user: string; password?: string; log: Log }) {
    const config = clientConfig(target, password === undefined ? { user } : { user, password });
    this.#config = { ...config, query_timeout: ANSWER_MS, keepAlive: true };
    this.#log = log;
    this.#done = this.#run();
  }

  get up(): boolean {
    return this.#client !== undefined;
  }

  /** `text` is shorter than 8,000 bytes. Never throws. @returns when the next may be sent */
  async send(text: string): Promise<void> {
    const client = this.#client;
    if (!client) return;
    try {
      await client.query("select pg_notify($1, $2)", [CHANNEL, text]);
      await new Promise((done) => setTimeout(done, GAP_MS));
    } catch {
      this.#drop(client);
    }
  }

  listen(listener: (text: string) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#end();
    await this.#done;
  }

  async #run(): Promise<void> {
    for (let wait = RETRY_MS.first; !this.#closed; wait = Math.min(wait * 2, RETRY_MS.most)) {
      try {
        await this.#session(() => wait = RETRY_MS.first);
      } catch (error) {
        this.#log("warn", "Messages between instances come by polling", { error });
      }
      if (this.#closed) return;
      await new Promise<void>((done) => {
        const timer = setTimeout(done, wait);
        this.#end = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }

  /** One connection, until it breaks or this is closed. @throws what broke it */
  async #session(connected: () => void): Promise<void> {
    const client = new pg.Client(this.#config);
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    this.#end = resolve;
    client.on("error", reject);
    client.on("end", () => reject(new Error("The connection ended")));
    client.on("notification", ({ payload }) => {
      for (const listener of this.#listeners) listener(payload ?? "");
    });
    let probing: ReturnType<typeof setInterval> | undefined;
    try {
      await Promise.race([begin(client), ended]);
      this.#client = client;
      connected();
      probing = setInterval(() => client.query("select").catch(reject), PROBE_MS);
      await ended;
    } finally {
      clearInterval(probing);
      this.#drop(client);
    }
  }

  /** Ends a connection, whatever state it is in: one that hangs would not say goodbye. */
  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = undefined;
    client.end().catch(() => {});
    setTimeout(() => client.connection.stream.destroy(), GAP_MS);
  }
}

async function begin(client: pg.Client): Promise<void> {
  await client.connect();
  // Nothing is lost with a message, so its commit waits for no disk.
  await client.query("set synchronous_commit = off");
  await client.query(`listen ${CHANNEL}`);
}
