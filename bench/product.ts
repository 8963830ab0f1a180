import { processCpu, residentMiB } from "./cpu.ts";

const root = new URL("../", import.meta.url);

/** The product's own process, started as `deno task start` starts it. */
export interface Product {
  pid: number;
  port: number;
  /** From its start until it said that it is ready, in milliseconds. */
  readyMs: number;
  /** Resident memory of the process alone, without the database, in MiB. */
  rss(): Promise<number>;
  /** Processor time of the process alone since its start, in milliseconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** Builds the pages, as a first `deno task build` does. */
export async function build(): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "build"],
    cwd: root,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot build the pages: ${new TextDecoder().decode(stderr)}`);
}

/**
 * Starts the product on `dataDir`.
 *
 * @param env settings over the bench's own: no rate limit in reach, only warnings logged
 * @throws Error with what it wrote when it ends before it is ready
 */
export async function startProduct(dataDir: string, env: Record<string, string> = {}): Promise<Product> {
  const port = freePort();
  const began = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: await startArguments(),
    cwd: root,
    stdout: "piped",
    stderr: "piped",
    env: {
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: "warn",
      RATE_LIMIT_SCALE: "1000000",
      SIGNUP: "open",
      ...env,
    },
  }).spawn();
  const errors: string[] = [];
  const drained = drain(child.stderr, (text) => void (errors.length < 50 && errors.push(text)));
  const ready = Promise.withResolvers<void>();
  void drain(child.stdout, (text) => text.includes("is ready") && ready.resolve());
  void child.status.then(async () => {
    await drained;
    ready.reject(new Error(`Cannot start the product: ${errors.join("")}`));
  });
  await ready.promise;
  const readyMs = performance.now() - began;
  return {
    pid: child.pid,
    port,
    readyMs,
    rss: () => residentMiB(child.pid),
    cpu: () => processCpu(child.pid),
    async stop() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

/** The arguments of the task `start`, so that the bench runs what a user runs. */
async function startArguments(): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const command = (typeof tasks.start === "string" ? tasks.start : tasks.start.command) as string;
  const at = command.split(/\s+/).lastIndexOf("deno");
  return command.split(/\s+/).slice(at + 1);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function drain(stream: ReadableStream<Uint8Array>, take: (text: string) => unknown): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) take(decoder.decode(chunk, { stream: true }));
}
