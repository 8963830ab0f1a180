/** Requests to the installation, and to nothing else. */

/** The attack can't go on, for a reason to tell. */
export class CannotRun extends Error {}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // deno-lint-ignore no-explicit-any -- bodies have every shape
  body: any;
}

interface Sent {
  headers?: Record<string, string>;
  body?: BodyInit;
}

const REQUEST_MS = 30_000;
/** A server that is busy for longer is one that can't be probed. */
const MOST_BUSY = 5;

export class Wire {
  readonly origin: string;
  requests = 0;
  /** The most requests a minute without a session, as the installation says; null until it has. */
  perMinute: number | null = null;
  /** Sees each answer. */
  onAnswer: (who: string, what: string, answer: Answer) => void = () => {};

  /** @param deadline when to give up, in milliseconds since 1970 */
  constructor(
    url: URL,
    public options: { deadline: number; stop: AbortSignal; say: (line: string) => void },
  ) {
    this.origin = url.origin;
  }

  /**
   * Sends a request, waiting as long as the installation asks (429 and 503 with Retry-After). Redirects aren't
   * followed.
   *
   * @param path from the root: `/v1/me`
   * @param who for the report
   * @throws CannotRun when it doesn't answer, asks to wait past the deadline, or the attack is stopped
   */
  async send(method: string, path: string, who: string, { headers = {}, body }: Sent = {}): Promise<Answer> {
    for (let busy = 0;;) {
      const answer = await this.once(method, path, { headers, ...(body === undefined ? {} : { body }) });
      if (answer.status === 503) busy++;
      if (answer.status !== 429 && (answer.status !== 503 || busy > MOST_BUSY)) {
        this.onAnswer(who, `${method} ${path}`, answer);
        return answer;
      }
      await this.wait(Number(answer.headers.get("retry-after")) || 1);
    }
  }

  private async once(method: string, path: string, init: Sent): Promise<Answer> {
    const url = new URL(this.origin + path);
    if (url.origin !== this.origin) throw new CannotRun(`"${path}" isn't a path of ${this.origin}`);
    this.requests++;
    const signal = AbortSignal.any([this.options.stop, AbortSignal.timeout(REQUEST_MS)]);
    try {
      // Compressing would be the costliest part of most answers.
      const headers = { "accept-encoding": "identity", ...init.headers };
      const response = await fetch(url, { ...init, method, headers, redirect: "manual", signal });
      const text = await response.text();
      const limit = /^"address";q=(\d+);w=60\b/.exec(response.headers.get("ratelimit-policy") ?? "")?.[1];
      if (limit) this.perMinute = Number(limit);
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: jsonOf(text, response.headers),
      };
    } catch (error) {
      this.options.stop.throwIfAborted();
      throw new CannotRun(`${this.origin} doesn't answer ${method} ${path}: ${reasonOf(error)}`);
    }
  }

  private async wait(seconds: number): Promise<void> {
    const { deadline, stop, say } = this.options;
    const asked = `The installation asks to wait ${seconds} s`;
    if (Date.now() + seconds * 1000 > deadline) {
      throw new CannotRun(`${asked}, which is longer than --minutes allows`);
    }
    if (seconds > 2) say(`${asked}: it limits requests`);
    await new Promise<void>((done) => {
      const timer = setTimeout(done, seconds * 1000);
      stop.addEventListener("abort", () => {
        clearTimeout(timer);
        done();
      }, { once: true });
    });
    stop.throwIfAborted();
  }
}

function jsonOf(text: string, headers: Headers): unknown {
  if (!/\bjson\b/.test(headers.get("content-type") ?? "")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The innermost message: fetch wraps what the network said. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? reasonOf(cause) : error instanceof Error ? error.message : String(error);
}
