/** The product in a process of its own, so that each start has nothing left of the one before. */

const ROOT = new URL("../", import.meta.url);
const ALLOWED = ["net", "read", "write", "env", "run", "sys", "ffi"].map((name) => `--allow-${name}`);
const READY_MS = 60_000;

export class Failed extends Error {}

export interface Desk {
  url: string;
  /** Resolves when it has ended, by itself or stopped. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** The process takes the bundler's own along when it ends. @throws Failed */
export async function build(): Promise<void> {
  const { success, stderr } = await deno(["run", ...ALLOWED, "dev.ts", "build"], {}).output();
  if (!success) throw new Failed(plain(new TextDecoder().decode(stderr)));
}

/** On a port of its own. @throws Failed when it ends or isn't ready within a minute */
export async function startDesk(env: Record<string, string>): Promise<Desk> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = deno(["run", ...ALLOWED, "serve.ts"], { ...env, HOST: "127.0.0.1", PORT: String(port) })
    .spawn();
  let said = "";
  const reading = [
    pass(child.stdout, Deno.stdout, () => {}),
    pass(child.stderr, Deno.stderr, (text) => said = (said + text).slice(-20_000)),
  ];
  let hasEnded = false;
  const ended = child.status.then(async () => {
    hasEnded = true;
    await Promise.allSettled(reading);
  });
  const stop = async () => {
    if (!hasEnded) child.kill("SIGTERM");
    await ended;
  };
  for (const end = Date.now() + READY_MS; Date.now() < end && !hasEnded;) {
    const response = await fetch(`${url}/readyz`).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return { url, ended, stop };
    await new Promise((done) => setTimeout(done, 50));
  }
  await stop();
  throw new Failed(plain(said) || "The desk didn't get ready");
}

function deno(args: string[], env: Record<string, string>): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args,
    env,
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

async function pass(
  from: ReadableStream<Uint8Array>,
  to: { writeSync(bytes: Uint8Array): number },
  heard: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of from) {
    to.writeSync(bytes);
    heard(decoder.decode(bytes, { stream: true }));
  }
}

function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[[0-9;]*m/g, "").trim();
}
