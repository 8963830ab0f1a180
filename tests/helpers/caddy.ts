/** A real Caddy for tests, with the project's own Caddyfile, on loopback. */
import { findProgram } from "./debian.ts";
import { freePort } from "./server.ts";

export interface CaddyServer extends AsyncDisposable {
  url: string;
  port: number;
  /** What it wrote so far. */
  output(): string;
}

/** One with TLS, as for a domain: `url` is https, `plain` the port of http, `ca` who signed its certificate. */
export interface SecureCaddy extends CaddyServer {
  plain: number;
  ca: string;
}

const CADDYFILE = new URL("../../Caddyfile", import.meta.url).pathname;
const START_LIMIT_MS = 15_000;

/**
 * Starts Caddy without TLS in front of instances, which may be there or not.
 *
 * @param upstreams as `127.0.0.1:8001`
 * @throws Error with what it wrote, when it doesn't start
 */
export async function startCaddy(upstreams: string[], port = freePort()): Promise<CaddyServer> {
  const caddy = await start(upstreams, port, { SITE_ADDRESS: `http://localhost:${port}` });
  return { ...caddy, url: `http://localhost:${port}`, port };
}

/** Starts Caddy for `localhost` as it serves a domain, with a certificate of its own. @throws as {@link startCaddy} */
export async function startSecureCaddy(upstreams: string[], port = freePort()): Promise<SecureCaddy> {
  const plain = freePort();
  const ports = { HTTP_PORT: `${plain}`, HTTPS_PORT: `${port}` };
  const caddy = await start(upstreams, port, { SITE_ADDRESS: "localhost", ...ports });
  const ca = await Deno.readTextFile(`${caddy.home}/caddy/pki/authorities/local/root.crt`);
  return { ...caddy, url: `https://localhost:${port}`, port, plain, ca };
}

async function start(upstreams: string[], port: number, settings: Record<string, string>) {
  const program = await findProgram("caddy", { package: "caddy", version: ["version"] });
  const home = await Deno.makeTempDir({ prefix: "servicehub-caddy-" });
  const child = new Deno.Command(program.path, {
    args: ["run", "--config", CADDYFILE, "--adapter", "caddyfile"],
    env: {
      ...program.env,
      HOME: home,
      XDG_DATA_HOME: home,
      XDG_CONFIG_HOME: home,
      UPSTREAMS: upstreams.join(" "),
      ...settings,
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
  return { home, output: () => output, [Symbol.asyncDispose]: stop };
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
