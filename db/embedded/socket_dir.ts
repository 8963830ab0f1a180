import { basename, join } from "node:path";
import { explain } from "./errors.ts";
import type { OsUser } from "./identity.ts";

/** The number in the socket's file name, `.s.PGSQL.5432`. No TCP port is opened. */
export const SOCKET_NUMBER = 5432;

// sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
const LONGEST_SOCKET_PATH = 100;
const SHORT_PREFIX = "servicehub-";

/** `run` beside the cluster, or a private folder under one of `shortDirs` where the socket's path would be too long. */
export async function makeSocketDir(
  home: string,
  options: { server: OsUser; drops: boolean; shortDirs: string[] },
): Promise<string> {
  const { server, drops, shortDirs } = options;
  const beside = join(home, "run");
  try {
    if (fits(beside)) {
      await Deno.mkdir(beside, { recursive: true, mode: 0o700 });
      await Deno.chmod(beside, 0o700);
      if (drops) await Deno.chown(beside, server.uid, server.gid);
      await removeSocket(beside);
      return beside;
    }
    const short = await makeShort(shortDirs);
    if (drops) await Deno.chown(short, server.uid, server.gid);
    return short;
  } catch (error) {
    throw explain(`Cannot create a folder for the socket of the database in "${home}"`, error);
  }
}

/** Removes what a killed server left: its lock names a process id that may be another program's by now. */
async function removeSocket(dir: string): Promise<void> {
  for (const name of [`.s.PGSQL.${SOCKET_NUMBER}`, `.s.PGSQL.${SOCKET_NUMBER}.lock`]) {
    await Deno.remove(join(dir, name)).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}

/** Whether a socket in `dir` has a path that the system takes, and that PostgreSQL's list syntax can say. */
export function fits(dir: string): boolean {
  const path = new TextEncoder().encode(join(dir, `.s.PGSQL.${SOCKET_NUMBER}`));
  return path.length <= LONGEST_SOCKET_PATH && !/[,"\\]/.test(dir);
}

async function makeShort(dirs: string[]): Promise<string> {
  let failure: unknown;
  for (const dir of dirs) {
    try {
      return await Deno.makeTempDir({ dir, prefix: SHORT_PREFIX });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

export async function isPrivate(dir: string, server: OsUser): Promise<boolean> {
  const info = await Deno.lstat(dir).catch(() => undefined);
  return info?.isDirectory === true && info.uid === server.uid && ((info.mode ?? 0) & 0o077) === 0;
}

export async function removeShort(dir: string, server: OsUser): Promise<void> {
  if (!basename(dir).startsWith(SHORT_PREFIX) || !(await isPrivate(dir, server))) return;
  await Deno.remove(dir, { recursive: true }).catch(() => {});
}
