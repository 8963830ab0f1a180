import { createHash } from "node:crypto";
import { DomainError } from "@/domain/errors.ts";
import type { StoredBlob } from "@/ports.ts";

const KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether `key` is one of ours: nothing else in a store is touched. */
export function isKey(key: string): boolean {
  return KEY.test(key);
}

/** @throws Error unless `key` is `<uuid>/<uuid>`: nothing else ever becomes a path */
export function assertKey(key: string): void {
  if (!KEY.test(key)) throw new Error(`Cannot use "${key}" as a blob's key`);
}

/** Writes all of `source` to an open file and to disk. @throws DomainError insufficient_storage, or what `source` throws */
export async function writeAll(file: Deno.FsFile, source: AsyncIterable<Uint8Array>): Promise<StoredBlob> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    size += chunk.length;
    for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
  }
  await file.sync();
  return { size, sha256: hash.digest("hex") };
}

/** A full disk, or a full quota of one, in the product's own words; anything else stays as it is. */
export function fullDisk(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (code !== "ENOSPC" && code !== "EDQUOT") return error;
  return new DomainError("insufficient_storage", "The disk of this desk is full: the file was not kept", {
    cause: error,
  });
}
