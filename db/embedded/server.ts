import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { EmbeddedError, explain, reason } from "./errors.ts";
import type { Identity } from "./identity.ts";
import { PROGRAM_ENV } from "./initdb.ts";
import { endServer, readPidFile, sleep } from "./postmaster.ts";

/** A running server process; `end` resolves when it has ended. */
export type ServerProcess = {
  pid: number;
  ended: Promise<void>;
  end(how: { immediate?: boolean }): Promise<void>;
};

const LOG_LIMIT_BYTES = 16 * 1024 * 1024;

/** Resolves once it accepts connections. @throws EmbeddedError with the server's last words */
export async function spawnServer(
  cluster: string,
  options: { binaries: Binaries; identity: Identity; args: string[]; logFile: string; readyMs: number },
): Promise<ServerProcess> {
  const until = performance.now() + options.readyMs;
  await rotate(options.logFile);
  while (true) {
    const before = await sizeOf(options.logFile);
    const server = launch(options);
    if (await untilReady(cluster, { ...server, until })) return server;
    const timedOut = !server.hasEnded();
    await server.end({});
    const words = await readFrom(options.logFile, before);
    // Sessions of a server that was killed hold its memory until they notice; that takes a moment.
    const mayPass = /pre-existing shared memory block|could not create shared memory segment/.test(words);
    if (!mayPass || timedOut || performance.now() >= until) throw startError(words, { ...options, timedOut });
    await sleep(200);
  }
}

function launch(
  options: { binaries: Binaries; identity: Identity; args: string[]; logFile: string },
): ServerProcess & { hasEnded(): boolean } {
  const { identity: { drops, server } } = options;
  let log: number | undefined;
  try {
    log = openSync(options.logFile, "a", 0o600);
    const child = spawn(join(options.binaries.dir, "bin", "postgres"), options.args, {
      cwd: "/",
      env: PROGRAM_ENV,
      stdio: ["ignore", log, log],
      // A session of its own: Ctrl-C in the terminal reaches the app, which stops the server when it is done with it.
      detached: true,
      ...(drops ? { uid: server.uid, gid: server.gid } : {}),
    });
    let over = false;
    const ended = new Promise<void>((resolve) => {
      const end = () => {
        over = true;
        resolve();
      };
      child.once("exit", end);
      child.once("error", end);
    });
    child.unref();
    if (child.pid === undefined) {
      throw new EmbeddedError("Cannot start PostgreSQL: the system made no process");
    }
    const pid = child.pid;
    return { pid, ended, hasEnded: () => over, end: (how) => endServer(pid, { ...how, gone: () => over }) };
  } catch (error) {
    throw explain("Cannot start PostgreSQL", error);
  } finally {
    if (log !== undefined) closeSync(log);
  }
}

async function untilReady(
  cluster: string,
  options: { pid: number; hasEnded(): boolean; until: number },
): Promise<boolean> {
  while (!options.hasEnded() && performance.now() < options.until) {
    const file = await readPidFile(cluster);
    if (file?.pid === options.pid && file.ready) return true;
    await sleep(5);
  }
  return false;
}

function startError(words: string, options: { logFile: string; readyMs: number; timedOut: boolean }): Error {
  const see = `see "${options.logFile}"`;
  if (options.timedOut) {
    return new EmbeddedError(`Cannot start PostgreSQL: not ready after ${options.readyMs / 1000} s; ${see}`);
  }
  const lines = words.split("\n").map((line) => line.trim()).filter(Boolean);
  const last = lines.findLast((line) => /(FATAL|PANIC): /.test(line)) ?? lines.at(-1) ?? "it ended at once";
  return new EmbeddedError(
    `Cannot start PostgreSQL: ${reason(last) ?? last.replace(/^.*?(FATAL|PANIC): +/, "")}; ${see}`,
  );
}

async function rotate(logFile: string): Promise<void> {
  if (await sizeOf(logFile) < LOG_LIMIT_BYTES) return;
  await Deno.rename(logFile, `${logFile}.1`);
}

async function sizeOf(path: string): Promise<number> {
  return await Deno.stat(path).then((info) => info.size, () => 0);
}

async function readFrom(path: string, offset: number): Promise<string> {
  using file = await Deno.open(path);
  await file.seek(offset, Deno.SeekMode.Start);
  return await new Response(file.readable).text();
}
