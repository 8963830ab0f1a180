import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import type { Identity } from "./identity.ts";
import {
  commandLine,
  endServer,
  exists,
  isServerOf,
  type PidFile,
  readPidFile,
  recordedCommandLine,
  sleep,
} from "./postmaster.ts";
import { probe } from "./probe.ts";
import type { ServerProcess } from "./server.ts";
import { serverArguments, SUPERUSER } from "./settings.ts";
import { isPrivate, removeShort } from "./socket_dir.ts";

const READY_MS = 10_000;
const PROBE_MS = 3_000;
const WATCH_MS = 1_000;

type Context = {
  binaries: Binaries;
  identity: Identity;
  settings: Record<string, string>;
  accessChanged: boolean;
  log: (level: "info" | "warn", message: string, fields?: Record<string, unknown>) => void;
};

/** Takes over the server that a killed process left, or ends it unless it is well and ours. The lock must be held. */
export async function takeOver(
  cluster: string,
  context: Context,
): Promise<(ServerProcess & { socketDir: string }) | undefined> {
  const file = await readPidFile(cluster);
  if (!file || !(await isServerOf(cluster, file.pid))) {
    await clearStale(cluster, { file, context });
    return undefined;
  }
  const gone = async () => !exists(file.pid) || !(await isServerOf(cluster, file.pid));
  if (await isUsable(cluster, { file, context, gone })) return adopted(file, gone);
  context.log("warn", "Ending the database server that was left behind", { pid: file.pid, cluster });
  await endServer(file.pid, { gone });
  await removeShort(file.socketDir, context.identity.server);
  // One that had to be killed leaves its pid file, and its id until its parent has waited for it.
  await clearStale(cluster, { file: await readPidFile(cluster), context });
  return undefined;
}

async function clearStale(
  cluster: string,
  options: { file: PidFile | undefined; context: Context },
): Promise<void> {
  const { file, context } = options;
  if (file) await removeShort(file.socketDir, context.identity.server);
  // The server itself copes with the id of a dead process, but takes a living one, whatever it is, for a rival.
  if (file && !exists(file.pid)) return;
  await Deno.remove(join(cluster, "postmaster.pid")).then(
    () => context.log("warn", "Removed a stale postmaster.pid", { cluster, pid: file?.pid ?? null }),
    (error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    },
  );
}

async function isUsable(
  cluster: string,
  options: { file: PidFile; context: Context; gone: () => Promise<boolean> },
): Promise<boolean> {
  const { file: { pid, socketDir }, context: { binaries, identity, settings, accessChanged } } = options;
  if (accessChanged || !(await isPrivate(socketDir, identity.server))) return false;
  const program = await Deno.realPath(join(binaries.dir, "bin", "postgres"));
  const expected = commandLine(program, serverArguments(cluster, { socketDir, settings }));
  if (await recordedCommandLine(cluster) !== expected) return false;
  const until = performance.now() + READY_MS;
  while (performance.now() < until && !(await options.gone())) {
    const file = await readPidFile(cluster);
    if (file?.pid === pid && file.ready) {
      const answer = await probe(socketDir, { user: SUPERUSER, timeoutMs: PROBE_MS });
      return answer.ready && answer.version === binaries.version;
    }
    await sleep(50);
  }
  return false;
}

/** A process that is not our child announces its end to nobody: it is looked at every second. */
function adopted(file: PidFile, gone: () => Promise<boolean>): ServerProcess & { socketDir: string } {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const watch = setInterval(async () => {
    if (await gone()) finish();
  }, WATCH_MS);
  Deno.unrefTimer(watch);
  const finish = () => {
    clearInterval(watch);
    resolve();
  };
  return {
    pid: file.pid,
    socketDir: file.socketDir,
    ended,
    end: (how) => endServer(file.pid, { ...how, gone }).finally(finish),
  };
}
