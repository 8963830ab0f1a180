import pg from "pg";
import type { Handler } from "./in_process.ts";
import type { Scenario, Shot } from "./scenarios.ts";

/** A statement as the product sent it; text alone is a message of the simple protocol. */
export interface Sent {
  text: string;
  values: (string | null)[];
  simple: boolean;
  /** What the statement answered, where it made an id that later ones use. */
  madeId?: string;
  /** Which of its values are ids that the product made for this request by itself: another one each time. */
  freshIds?: number[];
}

/** Statements that were sent together, before an answer was awaited. */
export type Flight = Sent[];

/** What one request made the product send. */
export type Trace = Flight[];

/**
 * Has the product answer every request of a scenario in this process, and takes down each statement with its
 * parameters, in the flights it was sent in. Nothing is copied by hand, so the ceiling runs what the product runs.
 *
 * @returns the traces that have the commonest sequence of statements
 * @throws Error when a request isn't answered as it should be, or a tenth of them send something else
 */
export async function capture(scenario: Scenario, handler: Handler): Promise<Trace[]> {
  const traces: Trace[] = [];
  // What a process keeps of configuration is there after the first requests.
  for (const shot of scenario.shots) await traceOf(shot, handler);
  for (const shot of scenario.shots) traces.push(await traceOf(shot, handler));
  const groups = Map.groupBy(traces, signature);
  const commonest = [...groups.values()].sort((a, b) => b.length - a.length)[0]!;
  if (commonest.length < traces.length * 0.9) {
    throw new Error(`Cannot take down "${scenario.name}": its requests send different statements`);
  }
  return commonest;
}

async function traceOf(shot: Shot, handler: Handler): Promise<Trace> {
  const tap = new Tap();
  const began = Date.now();
  const response = await tap.during(() =>
    handler(
      new Request(`http://localhost:8000${shot.path}`, {
        method: shot.method,
        headers: shot.headers,
        ...(shot.body === undefined ? {} : { body: shot.body }),
      }),
    )
  );
  const text = await response.text();
  if (response.status !== shot.status) {
    throw new Error(
      `Cannot take down "${shot.method} ${shot.path}": ${response.status} ${text.slice(0, 400)}`,
    );
  }
  markFreshIds(tap.flights, began);
  return tap.flights;
}

/** Marks the ids (UUIDv7, with their time in front) that are of this request, but no answer of the database. */
function markFreshIds(flights: Flight[], began: number): void {
  const statements = flights.flat();
  const answered = new Set(statements.map(({ madeId }) => madeId));
  for (const sent of statements) {
    const fresh = sent.values.flatMap((value, i) =>
      isFresh(value, began) && !answered.has(value!) ? [i] : []
    );
    if (fresh.length > 0) sent.freshIds = fresh;
  }
}

function isFresh(value: string | null, began: number): boolean {
  if (value === null || !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(value)) {
    return false;
  }
  return parseInt(value.slice(0, 8) + value.slice(9, 13), 16) >= began;
}

/** Two traces with one signature differ in values alone. Where flights end may depend on who answers first. */
function signature(trace: Trace): string {
  return trace.flat().map(({ simple, text, values }) =>
    simple ? shapeOf(text) : `${text} ${values.map((value) => value === null ? 0 : 1).join("")}`
  ).join("\n\n");
}

function shapeOf(text: string): string {
  return text.replaceAll(/'[^']*'/g, "?");
}

type Query = (...args: unknown[]) => unknown;

/** Listens to what the driver is asked to send. */
class Tap {
  readonly flights: Trace = [];
  #waiting = 0;

  async during<T>(work: () => Promise<T>): Promise<T> {
    const prototype = pg.Client.prototype as unknown as { query: Query };
    const original = prototype.query;
    // deno-lint-ignore no-this-alias -- `query` is called with the client as `this`
    const tap = this;
    prototype.query = function (this: unknown, ...args: unknown[]) {
      const answer = original.apply(this, args);
      if (answer instanceof Promise) tap.#note(args[0], answer);
      return answer;
    };
    try {
      return await work();
    } finally {
      prototype.query = original;
    }
  }

  #note(query: unknown, answer: Promise<{ rows?: { id?: string }[] }>): void {
    const simple = typeof query === "string";
    const { text, values = [] } = simple ? { text: query } : query as { text: string; values?: unknown[] };
    const sent: Sent = { text, values: values.map(asText), simple };
    if (this.#waiting++ === 0) this.flights.push([]);
    this.flights.at(-1)!.push(sent);
    const done = () => void this.#waiting--;
    answer.then((result) => {
      const id = result.rows?.[0]?.id;
      if (/^select uuidv7\(\)/.test(text) && id) sent.madeId = id;
      done();
    }, done);
  }
}

/** A value as the driver writes it in the text format. */
function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return `\\x${value.toHex()}`;
  if (Array.isArray(value)) {
    return `{${value.map((v) => v === null ? "NULL" : JSON.stringify(String(v))).join(",")}}`;
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
