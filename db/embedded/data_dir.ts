import { dirname, join } from "node:path";
import { EmbeddedError, explain } from "./errors.ts";
import type { OsUser } from "./identity.ts";

export type DataDirLock = { dataDir: string; release(): void };

const POLL_MS = 50;
const held = new Map<string, { file: Promise<Deno.FsFile>; uses: number }>();

/**
 * The kernel drops the lock with the process, however that ends. Calls in one process share it: the last release counts.
 * @throws EmbeddedError naming the holder after `waitMs` (10,000), or why the folder can't be used
 */
export async function lockDataDir(dataDir: string, options: { waitMs?: number } = {}): Promise<DataDirLock> {
  const path = await prepare(dataDir);
  const entry = held.get(path) ?? { file: acquire(path, options.waitMs ?? 10_000), uses: 0 };
  held.set(path, entry);
  entry.uses++;
  const file = await entry.file.catch((error) => {
    held.delete(path);
    throw error;
  });
  let released = false;
  return {
    dataDir: path,
    release() {
      if (released) return;
      released = true;
      if (--entry.uses > 0) return;
      held.delete(path);
      file.close();
    },
  };
}

async function prepare(dataDir: string): Promise<string> {
  try {
    // Root's server runs as another user, who must be able to walk through but not to list.
    await makeFolders(dataDir, Deno.uid() === 0 ? 0o711 : 0o700);
    return await Deno.realPath(dataDir);
  } catch (error) {
    throw explain(`Cannot create data directory "${dataDir}"`, error);
  }
}

/** With exactly this `mode`, whatever the umask; folders that exist are left as they are. */
export async function makeFolders(path: string, mode: number): Promise<void> {
  const there = await Deno.stat(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return undefined;
  });
  if (there?.isDirectory) return;
  if (there) throw new EmbeddedError(`Cannot use "${path}": it is a file and not a folder`);
  await makeFolders(dirname(path), mode);
  try {
    await Deno.mkdir(path);
    await Deno.chmod(path, mode);
  } catch (error) {
    // Another process of ours may be making it as well.
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

async function acquire(path: string, waitMs: number): Promise<Deno.FsFile> {
  const file = await Deno.open(join(path, "servicehub.lock"), {
    read: true,
    write: true,
    create: true,
    mode: 0o600,
  })
    .catch((error) => {
      throw explain(`Cannot write to data directory "${path}"`, error);
    });
  try {
    const until = performance.now() + waitMs;
    while (!(await file.tryLock(true))) {
      if (performance.now() >= until) {
        const holder = (await Deno.readTextFile(join(path, "servicehub.lock"))).trim();
        throw new EmbeddedError(
          `Cannot use data directory "${path}": process ${holder || "unknown"} is using it`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    await file.truncate();
    await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
    return file;
  } catch (error) {
    file.close();
    throw explain(`Cannot lock data directory "${path}"`, error);
  }
}

/** The file in a data directory that names the folder of its cluster, where that lies elsewhere. */
const POINTER = "postgres.location";

/** The data directory itself, or the folder that its pointer names. @throws EmbeddedError when that leads nowhere */
export async function currentHome(dataDir: string): Promise<string> {
  const text = await Deno.readTextFile(join(dataDir, POINTER)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw explain(`Cannot read "${join(dataDir, POINTER)}"`, error);
  });
  const home = text.trim();
  if (!home) return dataDir;
  await Deno.stat(home).catch((error) => {
    throw explain(`Cannot open the database of "${dataDir}", which "${POINTER}" says is in "${home}"`, error);
  });
  return home;
}

/** A new home for a server user who can't reach `dataDir`, which points to it from then on. @returns its path */
export async function relocate(dataDir: string, stateDir: string): Promise<string> {
  const home = join(stateDir, crypto.randomUUID().slice(0, 13));
  try {
    await makeFolders(home, 0o711);
    await replaceFile(join(dataDir, POINTER), home + "\n");
    return home;
  } catch (error) {
    throw explain(`Cannot create "${home}" for the database`, error);
  }
}

/** Deletes the cluster of `dataDir` in `home`, and with it what this module put beside it, the lock excepted. */
export async function removeCluster(dataDir: string, home: string): Promise<void> {
  const names = ["postgres", "run", "cache"].map((name) => join(home, name));
  const beside = home === dataDir ? [] : [home, join(dataDir, POINTER)];
  for (const path of [...names, join(dataDir, "postgres.log"), ...beside]) {
    await Deno.remove(path, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw explain(`Cannot remove "${path}"`, error);
    });
  }
}

/** Whether `user` can walk to `dir`; asked of the system itself, so that every kind of rule counts. Root only. */
export async function canReach(dir: string, user: OsUser): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("/bin/sh", {
      args: ["-c", "exit 0"],
      uid: user.uid,
      gid: user.gid,
      cwd: dir,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}

/** Writes a file whole or not at all, and only if its text differs. Returns whether it did. */
export async function replaceFile(path: string, text: string, owner?: OsUser): Promise<boolean> {
  if (await Deno.readTextFile(path).catch(() => undefined) === text) return false;
  const temporary = await Deno.makeTempFile({ dir: dirname(path), prefix: ".new-" });
  await Deno.writeTextFile(temporary, text);
  {
    // Else a power cut may leave the new name with nothing in it.
    using file = await Deno.open(temporary, { write: true });
    await file.sync();
  }
  if (owner) await Deno.chown(temporary, owner.uid, owner.gid);
  await Deno.rename(temporary, path);
  return true;
}
