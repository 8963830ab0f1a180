import { basename, dirname, join } from "node:path";
import { anyExists, type Binaries } from "./binaries.ts";
import { makeFolders } from "./data_dir.ts";
import { explain } from "./errors.ts";

type File = { path: string; size: number };
type Link = { source: string; target: string };

const STAGING = ".postgres-";
const STALE_STAGING_MS = 3_600_000;

/**
 * The package's own folder, if its links can be made there, else a copy in the first of `caches` that can be written.
 * `mustCopy`: the server's user may not reach the package. @throws EmbeddedError when no cache can be written
 */
export async function runnable(
  source: Binaries,
  options: { caches: string[]; mustCopy: boolean },
): Promise<Binaries> {
  // Programs inside a compiled executable can be read but not run.
  if (!options.mustCopy && !Deno.build.standalone && await linkLibraries(source.dir, source.dir)) {
    return source;
  }
  const files = await listFiles(source.dir, "");
  const name = `postgres-${await contentKey(source.dir, files)}`;
  let failure: unknown;
  for (const cache of options.caches) {
    const dir = join(cache, name);
    if (await anyExists([dir])) return { ...source, dir };
    try {
      await copyOnce(source.dir, { files, target: dir });
      return { ...source, dir };
    } catch (error) {
      failure ??= explain(`Cannot copy PostgreSQL to "${dir}"`, error);
    }
  }
  throw failure;
}

/** Makes in `dir` the links that `source` lists, which npm's own script would have made. Returns whether all are there. */
async function linkLibraries(source: string, dir: string): Promise<boolean> {
  const list = await Deno.readTextFile(join(source, "pg-symlinks.json")).catch(() => "[]");
  for (const link of JSON.parse(list) as Link[]) {
    const path = join(dir, link.target.replace(/^native\//, ""));
    if (await anyExists([path])) continue;
    try {
      await Deno.symlink(basename(link.source), path);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) return false;
    }
  }
  return true;
}

/** A hash of the programs, and of the name and size of every other file. */
async function contentKey(dir: string, files: File[]): Promise<string> {
  const programs = ["initdb", "postgres"].map((name) => Deno.readFile(join(dir, "bin", name)));
  const list = new TextEncoder().encode(files.map((file) => `${file.path} ${file.size}\n`).join(""));
  const hashes = await Promise.all(
    [...await Promise.all(programs), list].map((part) => crypto.subtle.digest("SHA-256", part)),
  );
  const whole = await crypto.subtle.digest("SHA-256", await new Blob(hashes).arrayBuffer());
  return new Uint8Array(whole).toHex().slice(0, 16);
}

async function copyOnce(source: string, options: { files: File[]; target: string }): Promise<void> {
  const { files, target } = options;
  await makeFolders(dirname(target), 0o755);
  await removeStale(dirname(target));
  const staging = await Deno.makeTempDir({ dir: dirname(target), prefix: STAGING });
  try {
    await Deno.chmod(staging, 0o755);
    for (const { path } of files) await copyFile(join(source, path), join(staging, path));
    await linkLibraries(source, staging);
    await Deno.rename(staging, target);
  } catch (error) {
    await Deno.remove(staging, { recursive: true }).catch(() => {});
    // Another process may have made the same copy meanwhile; its content is ours.
    if (!(await anyExists([target]))) throw error;
  }
}

async function copyFile(from: string, to: string): Promise<void> {
  await makeFolders(dirname(to), 0o755);
  await Deno.copyFile(from, to);
  await Deno.chmod(to, basename(dirname(to)) === "bin" ? 0o755 : 0o644);
  // The copy is trusted from now on, so it must not come out of a power cut with empty files.
  using file = await Deno.open(to, { write: true });
  await file.syncData();
}

async function removeStale(cache: string): Promise<void> {
  for await (const entry of Deno.readDir(cache)) {
    if (!entry.name.startsWith(STAGING)) continue;
    const path = join(cache, entry.name);
    const made = await Deno.stat(path).then((info) => info.mtime?.getTime() ?? 0, () => Date.now());
    if (Date.now() - made > STALE_STAGING_MS) await Deno.remove(path, { recursive: true }).catch(() => {});
  }
}

async function listFiles(root: string, under: string): Promise<File[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(root, under)));
  const found = await Promise.all(entries.map(async (entry): Promise<File[]> => {
    const path = under ? `${under}/${entry.name}` : entry.name;
    if (entry.isDirectory) return isNeeded(`${path}/`) ? await listFiles(root, path) : [];
    if (!entry.isFile || !isNeeded(path)) return [];
    return [{ path, size: (await Deno.stat(join(root, path))).size }];
  }));
  return found.flat().sort((a, b) => a.path < b.path ? -1 : 1);
}

// What only compiles programs against PostgreSQL is left out: static archives, headers, build files.
function isNeeded(path: string): boolean {
  return !/\.a$|^include\/|\/pgxs\/|\/pkgconfig\//.test(path);
}
