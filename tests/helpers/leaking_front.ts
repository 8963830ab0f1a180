/** A proxy before a real server that has holes which a real one must not have. */

export interface Front extends AsyncDisposable {
  url: string;
  /** When requests came, in milliseconds. */
  times: number[];
}

export interface Holes {
  /** Answers a request otherwise; undefined to pass it on. */
  before?: (request: Request, ask: Ask) => Promise<Response | undefined> | Response | undefined;
  /** Changes an answer of the server. */
  after?: (request: Request, answer: Response, ask: Ask) => Promise<Response> | Response;
}

/** Sends a request to the server, with other headers. */
export type Ask = (request: Request, headers?: Record<string, string>) => Promise<Response>;

/** Starts it before the server at `target`. */
export function startFront(target: string, { before, after }: Holes): Front {
  const times: number[] = [];
  const ask: Ask = async (request, headers = {}) => {
    const { pathname, search } = new URL(request.url);
    const sent = new Headers(request.headers);
    sent.delete("host");
    sent.set("accept-encoding", "identity");
    for (const [name, value] of Object.entries(headers)) sent.set(name, value);
    const body = await request.clone().arrayBuffer();
    return await fetch(target + pathname + search, {
      method: request.method,
      headers: sent,
      redirect: "manual",
      ...(body.byteLength > 0 ? { body } : {}),
    });
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    times.push(Date.now());
    const other = await before?.(request, ask);
    if (other) return other;
    const answer = await ask(request);
    return await after?.(request, answer, ask) ?? answer;
  });
  return {
    url: `http://localhost:${server.addr.port}`,
    times,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
