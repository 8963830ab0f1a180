/** A real Caddy for tests, with the project's own Caddyfile, on loopback without TLS. */
import { findProgram } from "./debian.ts";
import { freePort } from "./server.ts";

export interface CaddyServer extends AsyncDisposable {
  url: string;
  port: number;
  /** What it wrote so far. */
  output(): string;
}

const CADDYFILE = new URL("../../Caddyfile", import.meta.url).pathname;
const START_LIMIT_MS = 15_000;

/**
 * Starts Caddy in front of instances, which may be there or not.
 *
 * @param upstreams as `127.0.0.1:8001`
 * @throws Error with what it wrote, when it doesn't start
 */
export async function startCaddy(upstreams: string[], port = freePort()): Promise<CaddyServer> {
  const program = await findProgram("caddy", { package: "caddy", version: ["version"] });
  const home = await Deno.makeTempDir({ prefix: "servicehub-caddy-" });
  const child = new Deno.Command(program.path, {
    args: ["run", "--config", CADDYFILE, "--adapter", "caddyfile"],
    env: {
      ...program.env,
      HOME: home,
      XDG_DATA_HOME: home,
      XDG_CONFIG_HOME: home,
      SITE_ADDRESS: `http://localhost:${port}`,
      UPSTREAMS: upstreams.join(" "),
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let output = "";
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) output += text;
  })();
  let ended = false;
  child.status.then(() => ended = true);
  const stop = async () => {
    if (!ended) child.kill("SIGKILL");
    await Promise.all([child.status, reading]);
    await Deno.remove(home, { recursive: true });
  };
  const deadline = performance.now() + START_LIMIT_MS;
  while (!await listens(port)) {
    if (!ended && performance.now() < deadline) continue;
    await stop();
    throw new Error(`Cannot start Caddy: ${output}`);
  }
  return { url: `http://localhost:${port}`, port, output: () => output, [Symbol.asyncDispose]: stop };
}

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    await new Promise((done) => setTimeout(done, 30));
    return false;
  }
}
