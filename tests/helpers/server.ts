/** The real process, as `deno task start` runs it, on a data directory of its own. */
import { copyDataDir } from "./cluster.ts";
import { flagsOf } from "./deno.ts";

export interface Server extends AsyncDisposable {
  url: string;
  pid: number;
  dataDir: string;
  /** What it wrote so far. */
  output(): string;
  /** Resolves when it has ended, with its exit code. */
  ended: Promise<number>;
  kill(signal?: Deno.Signal): void;
}

const ROOT = new URL("../../", import.meta.url);

/** A port that nothing listened on a moment ago. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

/**
 * Starts the product and waits until it is ready.
 *
 * @param options `dataDir` to start on what another run left; it is kept then
 * @throws Error with what the process wrote, when it ends or isn't ready within a minute
 */
export async function startServer(
  options: { dataDir?: string; env?: Record<string, string> } = {},
): Promise<Server> {
  const port = freePort();
  const dataDir = options.dataDir ?? await newDataDir(options.env?.DATABASE_URL === undefined);
  const url = `http://localhost:${port}`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flagsOf(options.env?.DATABASE_URL ? "serve" : "start"), "serve.ts"],
    // Some flags name paths.
    cwd: ROOT,
    env: { PORT: String(port), DATA_DIR: dataDir, PUBLIC_URL: url, ...options.env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  const reading = [child.stdout, child.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) output += text;
  });
  const ended = child.status.then(async ({ code }) => {
    await Promise.allSettled(reading);
    return code;
  });
  const server: Server = {
    url,
    pid: child.pid,
    dataDir,
    output: () => output,
    ended,
    kill: (signal = "SIGTERM") => child.kill(signal),
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
      await ended;
      if (!options.dataDir) await Deno.remove(dataDir, { recursive: true });
    },
  };
  await untilReady(server, url);
  return server;
}

/** A data directory that nobody used yet; where the run made one, its first start is behind it. */
async function newDataDir(hasDatabase: boolean): Promise<string> {
  const dataDir = await Deno.makeTempDir({ prefix: "servicehub-server-" });
  const made = Deno.env.get("SERVICEHUB_TEST_DATA_DIR");
  if (made && hasDatabase) await copyDataDir(made, dataDir);
  await Deno.chmod(dataDir, 0o755);
  return dataDir;
}

async function untilReady(server: Server, url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  let code: number | undefined;
  server.ended.then((it) => code = it);
  while (Date.now() < deadline && code === undefined) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`Cannot start the server (exit code ${code}): ${server.output()}`);
}
