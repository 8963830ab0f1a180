/** The embedded PostgreSQL server: on a Unix socket only, it knows its users by their operating system account. */
import { join } from "node:path";
import { takeOver } from "./adopt.ts";
import { findPackage } from "./binaries.ts";
import { runnable } from "./cache.ts";
import { canReach, currentHome, lockDataDir, relocate, removeCluster } from "./data_dir.ts";
import { EmbeddedError } from "./errors.ts";
import { identify, type Identity } from "./identity.ts";
import { ensureCluster } from "./initdb.ts";
import { probe } from "./probe.ts";
import { spawnServer } from "./server.ts";
import { serverArguments, SUPERUSER, writeAccess } from "./settings.ts";
import { makeSocketDir, removeShort, SOCKET_NUMBER } from "./socket_dir.ts";

export { EmbeddedError } from "./errors.ts";
export { type DataDirLock, lockDataDir } from "./data_dir.ts";

export type EmbeddedLog = (
  level: "debug" | "info" | "warn" | "error",
  message: string,
  fields?: Record<string, unknown>,
) => void;

export type EmbeddedOptions = {
  dataDir: string;
  log: EmbeddedLog;
  /** Server settings by name, over the defaults of settings.ts. `fsync: "off"` spares initdb's flush as well. */
  settings?: Record<string, string>;
  /** How long to wait for another process that uses the data directory; 10,000 unless told. */
  waitMs?: number;
  /** How long the server may take until it accepts connections (recovery included); 60,000 unless told. */
  readyMs?: number;
  /** Root's folder for copies of the server's files; `/var/cache/servicehub` unless told. */
  cacheDir?: string;
  /** Root's folder for clusters whose data directory the server can't reach; `/var/lib/servicehub` unless told. */
  stateDir?: string;
  /** A private folder of the session (XDG_RUNTIME_DIR), for a socket whose path would be too long elsewhere. */
  runtimeDir?: string;
};

/** A running server. With `pg`: `{ host: socketDir, port, user: superuser, database: "postgres" }`. */
export type EmbeddedServer = {
  socketDir: string;
  /** The number in the socket's name; no TCP port. */
  port: number;
  superuser: string;
  version: string;
  pid: number;
  adopted: boolean;
  ended: Promise<void>;
  /** `immediate` skips the checkpoint; `remove` deletes the cluster. Further calls wait for the first. */
  stop(options?: { immediate?: boolean; remove?: boolean }): Promise<void>;
};

// The locks are shared within a process, so what this process runs is kept beside them.
const running = new Set<string>();

/** Holds the directory's lock until stopped; takes over what a killed process left. @throws EmbeddedError */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const releases: (() => void)[] = [];
  const release = () => releases.splice(0).forEach((each) => each());
  const claim = async (path: string) => {
    const lock = await lockDataDir(path, options);
    releases.push(lock.release);
    if (running.has(lock.dataDir)) {
      throw new EmbeddedError(`Cannot start PostgreSQL: this process already runs it in "${lock.dataDir}"`);
    }
    running.add(lock.dataDir);
    releases.push(() => running.delete(lock.dataDir));
    return lock.dataDir;
  };
  try {
    const dataDir = await claim(options.dataDir);
    const place = await settle(dataDir, options);
    // Copies of a data directory point to the same home: the home has a lock of its own.
    if (place.home !== dataDir) await claim(place.home);
    return await startIn(place, { ...options, dataDir, release });
  } catch (error) {
    release();
    throw error;
  }
}

type Place = { home: string; identity: Identity };

async function settle(dataDir: string, options: EmbeddedOptions): Promise<Place> {
  const home = await currentHome(dataDir);
  const owner = await Deno.stat(join(home, "postgres", "PG_VERSION")).then((info) => info.uid, () => null);
  const identity = await identify({ clusterOwner: owner ?? undefined });
  if (!identity.drops || await canReach(home, identity.server)) return { home, identity };
  if (owner === null && home === dataDir) {
    return { home: await relocate(dataDir, options.stateDir ?? "/var/lib/servicehub"), identity };
  }
  throw new EmbeddedError(
    `Cannot open the database in "${home}": user "${identity.server.name}", who runs it, may not enter a folder of that path`,
  );
}

async function startIn(
  place: Place,
  options: EmbeddedOptions & { release: () => void },
): Promise<EmbeddedServer> {
  const { home, identity } = place;
  const { log, settings = {} } = options;
  const began = performance.now();
  const binaries = await runnable(await findPackage(), {
    mustCopy: identity.drops,
    caches: [...(identity.drops ? [options.cacheDir ?? "/var/cache/servicehub"] : []), join(home, "cache")],
  });
  const { cluster, created } = await ensureCluster(home, {
    binaries,
    identity,
    sync: settings.fsync !== "off",
  });
  const accessChanged = await writeAccess(cluster, identity);
  const found = await takeOver(cluster, { binaries, identity, settings, accessChanged, log });
  const socketDir = found?.socketDir ??
    await makeSocketDir(home, {
      server: identity.server,
      drops: identity.drops,
      shortDirs: [...(options.runtimeDir && !identity.drops ? [options.runtimeDir] : []), "/tmp"],
    });
  const server = found ?? await spawnServer(cluster, {
    binaries,
    identity,
    args: serverArguments(cluster, { socketDir, settings }),
    logFile: join(options.dataDir, "postgres.log"),
    readyMs: options.readyMs ?? 60_000,
  });
  const answer = await probe(socketDir, { user: SUPERUSER, timeoutMs: 5_000 });
  const fields = { pid: server.pid, cluster, created, ms: Math.round(performance.now() - began) };
  if (!answer.ready) {
    await server.end({});
    throw new EmbeddedError(`Cannot use the database in "${cluster}": ${answer.message}`);
  }
  log("info", found ? "Took over the running database" : "Started the database", fields);
  let stopping: Promise<void> | undefined;
  void server.ended.then(() => stopping ?? log("error", "The database ended", fields));
  const stop = async (how: { immediate?: boolean; remove?: boolean }) => {
    try {
      await server.end(how);
      await removeShort(socketDir, identity.server);
      if (how.remove) await removeCluster(options.dataDir, home);
    } finally {
      options.release();
    }
  };
  return {
    socketDir,
    port: SOCKET_NUMBER,
    superuser: SUPERUSER,
    version: answer.version,
    pid: server.pid,
    adopted: found !== undefined,
    ended: server.ended,
    stop: (how = {}) => stopping ??= stop(how),
  };
}
