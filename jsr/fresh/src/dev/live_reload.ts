import type { Middleware } from "../types.ts";

/** Address of the script that reloads the page. */
export const DEV_ENTRY = "/_frsh/reload.js";
const EVENTS = "/_frsh/alive";

// A restarted process has another revision, so the first event after a reconnect tells whether to reload.
const SCRIPT = `
let revision;
new EventSource(new URL("alive", import.meta.url)).onmessage = ({ data }) => {
  if (revision !== undefined && revision !== data) location.reload();
  revision = data;
};`;

/** Makes a middleware that tells open pages to reload after a file below `dirs` changed and `onChange` is done. */
export function liveReload<State>(
  options: { dirs: string[]; onChange: () => Promise<void> },
): Middleware<State> {
  let revision = Date.now();
  const pages = new Set<ReadableStreamDefaultController<string>>();
  const announce = (page: ReadableStreamDefaultController<string>) =>
    page.enqueue(`retry: 300\ndata: ${revision}\n\n`);

  async function changed(): Promise<void> {
    try {
      await options.onChange();
      revision = Date.now();
      pages.forEach(announce);
    } catch (error) {
      // deno-lint-ignore no-console
      console.error(error);
    }
  }
  watch(options.dirs, changed);

  return (ctx) => {
    const path = ctx.url.pathname.slice(ctx.config.basePath.length);
    if (path === DEV_ENTRY) return new Response(SCRIPT, { headers: { "content-type": "text/javascript" } });
    if (path !== EVENTS) return ctx.next();
    let mine: ReadableStreamDefaultController<string>;
    const events = new ReadableStream<string>({
      start(controller) {
        mine = controller;
        pages.add(mine);
        announce(mine);
      },
      cancel: () => void pages.delete(mine),
    });
    const headers = { "content-type": "text/event-stream", "cache-control": "no-store" };
    return new Response(events.pipeThrough(new TextEncoderStream()), { headers });
  };
}

async function watch(dirs: string[], onChange: () => Promise<void>): Promise<void> {
  const existing = dirs.filter((dir) => {
    try {
      return Deno.statSync(dir).isDirectory;
    } catch {
      return false;
    }
  });
  if (existing.length === 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const event of Deno.watchFs(existing)) {
    if (event.kind === "access") continue;
    // Editors write a file in several steps.
    clearTimeout(timer);
    timer = setTimeout(onChange, 50);
  }
}
