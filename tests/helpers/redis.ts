/** A real Redis for tests, on loopback, with nothing on disk. */
import { findProgram } from "./debian.ts";
import { freePort } from "./server.ts";

/** A running Redis, which can be hurt. */
export interface RedisServer extends AsyncDisposable {
  /** For REDIS_URL. */
  url: string;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, empty, at the same address, after a kill. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing is answered. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** What it answers to a command in words, as it goes over the wire. */
  ask(...words: string[]): Promise<string>;
}

const START_LIMIT_MS = 10_000;

/** Starts a server on a free port. @throws Error with what it wrote, when it doesn't start */
export async function startRedis(): Promise<RedisServer> {
  const program = await findProgram("redis-server", { package: "redis-server", version: ["--version"] });
  const port = freePort();
  const start = async () => {
    const child = new Deno.Command(program.path, {
      args: ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", "/"],
      env: program.env,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const output = new Response(child.stdout).text();
    const deadline = performance.now() + START_LIMIT_MS;
    while (await ask(port, ["PING"]).catch(() => "") !== "+PONG\r\n") {
      const ended = await Promise.race([child.status, new Promise((done) => setTimeout(done, 20))]);
      if (!ended && performance.now() < deadline) continue;
      if (!ended) child.kill("SIGKILL");
      throw new Error(`Cannot start Redis: ${await output}`);
    }
    return { child, output };
  };
  let running = await start();
  const kill = async () => {
    try {
      running.child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await Promise.all([running.child.status, running.output]);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    async restart() {
      running = await start();
    },
    pause: () => running.child.kill("SIGSTOP"),
    resume: () => running.child.kill("SIGCONT"),
    ask: (...words) => ask(port, words),
    [Symbol.asyncDispose]: kill,
  };
}

async function ask(port: number, words: string[]): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const encoder = new TextEncoder();
  const parts = words.map((word) => `$${encoder.encode(word).length}\r\n${word}\r\n`);
  await connection.write(encoder.encode(`*${words.length}\r\n${parts.join("")}`));
  const answer = new Uint8Array(65_536);
  const read = await connection.read(answer);
  return new TextDecoder().decode(answer.subarray(0, read ?? 0));
}
