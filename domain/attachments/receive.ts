import { DomainError } from "@/domain/errors.ts";
import type { Services } from "@/ports.ts";
import { HEAD_BYTES, type Inspected, inspectFile } from "./inspect.ts";
import { sizeLabel } from "./types.ts";

export interface StoredFile extends Inspected {
  storageKey: string;
  size: number;
  sha256: string;
}

const MIB = 1024 * 1024;

/**
 * Outside any transaction. Each piece of `source` is valid until the next is asked for. Nothing is kept of a refused file.
 * @throws DomainError unsupported_media_type, too_large, invalid for an empty file, insufficient_storage
 */
export async function receiveFile(
  { blobs, config }: Pick<Services, "blobs" | "config">,
  source: AsyncIterator<Uint8Array>,
  given: { tenantId: string; name: string; mediaType: string },
): Promise<StoredFile> {
  const most = config.MAX_ATTACHMENT_MIB * MIB;
  const head = await readHead(source);
  const found = await inspectFile(head.length === 1 ? head[0]! : joined(head), given);
  const storageKey = `${given.tenantId}/${crypto.randomUUID()}`;
  const tooLarge = new DomainError("too_large", `"${found.name}" is too large: at most ${sizeLabel(most)}`);
  return { ...found, storageKey, ...await blobs.put(storageKey, whole(head, source, { most, tooLarge })) };
}

/** For files without rows. What can't be removed now is swept later. */
export async function discardFiles({ blobs }: Pick<Services, "blobs">, files: StoredFile[]): Promise<void> {
  await Promise.allSettled(files.map(({ storageKey }) => blobs.remove(storageKey)));
}

async function readHead(source: AsyncIterator<Uint8Array>): Promise<Uint8Array[]> {
  const head: Uint8Array[] = [];
  for (let size = 0; size < HEAD_BYTES;) {
    const { done, value } = await source.next();
    if (done) break;
    // A Buffer's own slice would be no copy.
    head.push(new Uint8Array(value));
    size += value.length;
  }
  if (head.length === 0) {
    throw new DomainError("invalid", "The file is empty", {
      errors: [{ path: "file", code: "empty", message: "The file is empty" }],
    });
  }
  return head;
}

async function* whole(
  head: Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
  { most, tooLarge }: { most: number; tooLarge: DomainError },
): AsyncGenerator<Uint8Array> {
  let size = 0;
  const counted = (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > most) throw tooLarge;
    return chunk;
  };
  for (const chunk of head) yield counted(chunk);
  head.length = 0;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield counted(next.value);
}

function joined(chunks: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
