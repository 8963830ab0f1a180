import { dirname } from "node:path/posix";
import type { BlobStore } from "@/ports.ts";
import { assertKey, fullDisk, isKey, writeAll } from "./blob_writing.ts";

/** Suffix of unfinished files; a complete one is renamed. */
const UNFINISHED = ".part";

export function createFileBlobs(root: string): BlobStore {
  const nameOf = (key: string) => key.endsWith(UNFINISHED) ? key.slice(0, -UNFINISHED.length) : key;
  const pathOf = (key: string) => {
    assertKey(nameOf(key));
    return `${root}/${key}`;
  };
  return {
    async put(key, source) {
      const path = pathOf(key);
      const draft = path + UNFINISHED;
      try {
        await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
        using file = await Deno.open(draft, { write: true, createNew: true, mode: 0o600 });
        const stored = await writeAll(file, source);
        await Deno.rename(draft, path);
        // The rename is durable once the folder is synced.
        using folder = await Deno.open(dirname(path));
        await folder.sync();
        return stored;
      } catch (error) {
        await remove(draft);
        await remove(path);
        throw fullDisk(error);
      }
    },
    async open(key) {
      try {
        const file = await Deno.open(pathOf(key));
        const { size } = await file.stat();
        return { body: file.readable, size };
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    },
    remove: (key) => remove(pathOf(key)),
    async *tenants() {
      for await (const { name, isDirectory } of entries(root)) if (isDirectory) yield name;
    },
    async *list(tenantId) {
      for await (const { name } of entries(`${root}/${tenantId}`)) {
        const key = `${tenantId}/${name}`;
        if (!isKey(nameOf(key))) continue;
        // It may have been renamed or removed since.
        const found = await Deno.stat(`${root}/${key}`).catch(() => null);
        if (found) yield { key, at: found.mtime ?? new Date(0) };
      }
    },
  };
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function* entries(folder: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(folder);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
