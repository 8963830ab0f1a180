import { SCRIPT } from "./script.ts";

/** What is known of the work: pages reload with `revision`, and show `problem`. */
export interface News {
  revision: number;
  problem: string | null;
}

const SCRIPT_PATH = "/_dev/reload.js";
const EVENTS_PATH = "/_dev/events";

/** Hands requests on to the desk of the moment, waits while there is none, and tells open pages what changed. */
export class Front {
  #news: News = { revision: Date.now(), problem: null };
  #desk: string | null = null;
  #pages = new Set<ReadableStreamDefaultController<string>>();
  #change = Promise.withResolvers<void>();

  open(desk: string): void {
    this.#desk = desk;
    this.#tell({ revision: Date.now(), problem: null });
  }

  hold(): void {
    this.#desk = null;
    this.#tell({ ...this.#news, problem: null });
  }

  /** Shows what went wrong, over the pages that are open and over those that still come. */
  fail(problem: string): void {
    this.#tell({ ...this.#news, problem });
  }

  async handle(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (pathname === SCRIPT_PATH) {
      return new Response(SCRIPT, {
        headers: { "content-type": "text/javascript", "cache-control": "no-store" },
      });
    }
    if (pathname === EVENTS_PATH) return this.#events();
    while (this.#desk === null && this.#news.problem === null) await this.#change.promise;
    if (this.#desk === null) return failedPage(this.#news.problem ?? "");
    const { method, body } = request;
    const headers = new Headers(request.headers);
    // As it is: a body that fetch has unpacked would not fit its headers.
    headers.set("accept-encoding", "identity");
    try {
      const init = { method, headers, body, redirect: "manual" } as const;
      return await withScript(await fetch(this.#desk + pathname + search, init));
    } catch (error) {
      return new Response(`The desk doesn't answer: ${(error as Error).message}`, { status: 502 });
    }
  }

  #tell(news: News): void {
    this.#news = news;
    for (const page of this.#pages) page.enqueue(eventOf(news));
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  #events(): Response {
    let mine: ReadableStreamDefaultController<string>;
    const events = new ReadableStream<string>({
      start: (controller) => {
        mine = controller;
        this.#pages.add(mine);
        mine.enqueue(`retry: 300\n${eventOf(this.#news)}`);
      },
      cancel: () => void this.#pages.delete(mine),
    });
    const headers = { "content-type": "text/event-stream", "cache-control": "no-store" };
    return new Response(events.pipeThrough(new TextEncoderStream()), { headers });
  }
}

function eventOf(news: News): string {
  return `data: ${JSON.stringify(news)}\n\n`;
}

async function withScript(response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  const isPage = headers.get("content-type")?.startsWith("text/html");
  if (!isPage || !headers.get("content-security-policy")?.includes("script-src")) return response;
  const html = await response.text();
  headers.delete("content-length");
  return new Response(html.replace(/<\/body>|$/, (end) => tag() + end), { status: response.status, headers });
}

function failedPage(problem: string): Response {
  const text = problem.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return new Response(
    `<!doctype html><meta charset="utf-8"><title>Doesn't start</title><pre>${text}</pre>${tag()}`,
    {
      status: 503,
      headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
    },
  );
}

function tag(): string {
  return `<script type="module" src="${SCRIPT_PATH}"></script>`;
}
