import { join } from "node:path";
import { EmbeddedError, explain, reason, USE_EXTERNAL } from "./errors.ts";
import type { Binaries } from "./binaries.ts";
import type { Identity, OsUser } from "./identity.ts";
import { SUPERUSER } from "./settings.ts";

/** What the server's programs see of the environment: nothing of ours, messages in English. */
export const PROGRAM_ENV = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" };

const STAGING = "postgres.new-";

/** Made in a sibling folder and renamed: whole or not at all. @throws EmbeddedError for another version's or user's data */
export async function ensureCluster(
  home: string,
  options: { binaries: Binaries; identity: Identity; sync: boolean },
): Promise<{ cluster: string; created: boolean }> {
  const cluster = join(home, "postgres");
  const version = await readVersion(cluster);
  if (version !== undefined) {
    checkVersion(cluster, { found: version, release: options.binaries.version });
    await checkOwner(cluster, options.identity.server);
    return { cluster, created: false };
  }
  await removeStaging(home);
  await create(cluster, options);
  return { cluster, created: true };
}

async function readVersion(cluster: string): Promise<string | undefined> {
  try {
    return (await Deno.readTextFile(join(cluster, "PG_VERSION"))).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw explain(`Cannot read the database in "${cluster}"`, error);
    }
    return undefined;
  }
}

function checkVersion(cluster: string, options: { found: string; release: string }): void {
  const major = options.release.split(".")[0]!;
  if (options.found === major) return;
  throw new EmbeddedError(
    `Cannot use the database in "${cluster}": it was made by PostgreSQL ${options.found} and this release brings ${major}; restore a backup into a new DATA_DIR`,
  );
}

async function checkOwner(cluster: string, server: OsUser): Promise<void> {
  const { uid } = await Deno.stat(cluster);
  if (uid === null || uid === server.uid) return;
  throw new EmbeddedError(
    `Cannot use the database in "${cluster}": it belongs to user id ${uid} and not to "${server.name}" (${server.uid})`,
  );
}

async function create(
  cluster: string,
  options: { binaries: Binaries; identity: Identity; sync: boolean },
): Promise<void> {
  const { binaries, identity, sync } = options;
  const home = join(cluster, "..");
  const action = `Cannot create the database in "${home}"`;
  let staging: string | undefined;
  try {
    staging = await Deno.makeTempDir({ dir: home, prefix: STAGING });
    const owner = identity.drops ? { uid: identity.server.uid, gid: identity.server.gid } : {};
    if (owner.uid !== undefined) await Deno.chown(staging, owner.uid, owner.gid!);
    const { success, stderr, stdout } = await new Deno.Command(join(binaries.dir, "bin", "initdb"), {
      args: initdbArguments(staging, sync),
      ...owner,
      cwd: "/",
      clearEnv: true,
      env: PROGRAM_ENV,
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    if (!success) throw new EmbeddedError(failure(action, decoder.decode(stdout) + decoder.decode(stderr)));
    await Deno.rename(staging, cluster);
    if (sync) await syncFolder(home);
  } catch (error) {
    if (staging) await Deno.remove(staging, { recursive: true }).catch(() => {});
    throw explain(action, error);
  }
}

function initdbArguments(dir: string, sync: boolean): string[] {
  return [
    "-D",
    dir,
    `--username=${SUPERUSER}`,
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=peer",
    "--no-instructions",
    ...(sync ? [] : ["--no-sync"]),
  ];
}

function failure(action: string, output: string): string {
  if (/could not look up effective user ID/.test(output)) {
    return `${action}: the user id has no name in "/etc/passwd"; run as a named user or ${USE_EXTERNAL}`;
  }
  const lines = output.split("\n").map((line) => line.trim()).filter(Boolean);
  const error = lines.find((line) => /error:|FATAL:|PANIC:/.test(line)) ?? lines.at(-1) ?? "initdb failed";
  return `${action}: ${reason(output) ?? error}`;
}

/** Removes what an interrupted initdb left. One that still runs loses its folder and ends by itself. */
async function removeStaging(home: string): Promise<void> {
  try {
    for await (const entry of Deno.readDir(home)) {
      if (!entry.name.startsWith(STAGING)) continue;
      await removeInUse(join(home, entry.name));
    }
  } catch (error) {
    throw explain(`Cannot read "${home}"`, error);
  }
}

/** Removes a folder that somebody may still be writing to: what appears in it meanwhile takes another try. */
async function removeInUse(path: string): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Makes a rename last through a power cut. */
async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path);
  await folder.sync().catch(() => {});
}
