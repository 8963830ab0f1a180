/**
 * A process that runs the embedded database, for tests that kill it. Its argument is JSON: the options of startEmbedded, and
 * `umask`. It prints a line of JSON when ready or refused, and stops on the end of its input or on Ctrl-C.
 */
import { EmbeddedError, startEmbedded } from "@/db/embedded/mod.ts";
import { probe } from "@/db/embedded/probe.ts";

const { umask, ...options } = JSON.parse(Deno.args[0]!);
if (umask !== undefined) Deno.umask(umask);

function say(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(value) + "\n"));
}

try {
  const server = await startEmbedded({ ...options, log: () => {} });
  const { stop: _stop, ended: _ended, ...facts } = server;
  const interrupted = new Promise<void>((resolve) => Deno.addSignalListener("SIGINT", resolve));
  say(facts);
  const closed = (async () => {
    for await (const _ of Deno.stdin.readable);
  })();
  await Promise.race([closed, interrupted]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  say({ last: await probe(server.socketDir, { user: "postgres", timeoutMs: 1_000 }) });
  await server.stop();
  Deno.exit(0);
} catch (error) {
  say({ error: error instanceof EmbeddedError ? error.message : `unexpected: ${(error as Error).stack}` });
  Deno.exit(1);
}
