import { type Config, readConfig } from "@/config.ts";
import { build, type Desk, Failed, startDesk } from "./desk.ts";
import { Front } from "./front.ts";
import { isSource } from "./sources.ts";

const ROOT = new URL("../", import.meta.url).pathname;
/** Editors write a file in several steps. */
const SETTLE_MS = 80;

/** Rebuilds after each change. What goes wrong is shown in the page; the desk from before serves on until the next. */
export async function develop(): Promise<void> {
  const config = readConfig(undefined, { DEV_PAGES: "on" });
  const front = new Front();
  Deno.serve(
    { port: config.PORT, hostname: config.HOST, onListen: () => {} },
    (request) => front.handle(request),
  );
  const rounds = new Rounds(config, front);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, async () => {
      await rounds.stop();
      Deno.exit(0);
    });
  }
  rounds.ask();
  for await (const { kind, paths } of Deno.watchFs(ROOT)) {
    if (kind !== "access" && paths.some((path) => isSource(path.slice(ROOT.length)))) rounds.ask();
  }
}

/** Builds and starts, one round after the other; what changes meanwhile brings one more. */
class Rounds {
  #desk: Desk | undefined;
  #wanted = false;
  #isBusy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly config: Config, readonly front: Front) {}

  ask(): void {
    this.#wanted = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), SETTLE_MS);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#desk?.stop();
  }

  async #run(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#wanted) {
      this.#wanted = false;
      await this.#round().catch((error) => {
        if (!(error instanceof Failed)) throw error;
        this.front.fail(error.message);
        Deno.stderr.writeSync(new TextEncoder().encode(`${error.message}\n`));
      });
    }
    this.#isBusy = false;
  }

  async #round(): Promise<void> {
    const { config, front } = this;
    await build();
    front.hold();
    // The data directory is one desk's at a time.
    await this.#desk?.stop();
    this.#desk = undefined;
    const { PUBLIC_URL } = config;
    const desk = await startDesk({ PUBLIC_URL, DEV_PAGES: config.DEV_PAGES ? "on" : "off" });
    this.#desk = desk;
    front.open(desk.url);
    desk.ended.then(() => {
      if (this.#desk !== desk) return;
      front.hold();
      front.fail("The desk has ended. Save a file to start it anew.");
    });
  }
}
