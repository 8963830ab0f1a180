import { discardFiles, receiveFile, type StoredFile } from "@/domain/attachments/receive.ts";
import { MOST_FILES } from "@/domain/attachments/types.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import type { Services } from "@/ports.ts";
import { unreadRequest, whileReading } from "./body.ts";
import { type Fields, type Part, type Pull, readMultipart } from "./multipart.ts";

/** A client that sends nothing for this long is gone, and no upload takes longer than that, in milliseconds. */
const IDLE_MS = 10_000;
const LONGEST_MS = 15 * 60_000;
const MIB = 1024 * 1024;
/** Uploads of one person at one time. */
const AT_ONCE = 32;

/** How many uploads each person has under way in this process. */
const underWay = new Map<string, number>();

/** A form with files, read: the files lie in the store and have no rows yet. */
export interface Upload {
  fields: Fields;
  files: (StoredFile & { field: string })[];
  /** Why it is refused, whatever its fields say; then no file was kept. */
  refusal?: DomainError;
}

/** Whether a request sends a form that may have files in it. */
export function isMultipart(request: Request): boolean {
  return /^multipart\/form-data\b/i.test(request.headers.get("content-type") ?? "");
}

/**
 * Reads a form with files from the request straight into the blob store: outside any transaction, a chunk at a time.
 *
 * @param options whose files they are, and which fields of the form take files
 * @throws DomainError unsupported_media_type when it is no such form; rate_limited when the person has too many under
 *   way; too_large past what all files may have; bad_request when it breaks off or comes too slowly; what the store
 *   throws. Nothing is kept then
 */
export async function readUpload(
  request: Request,
  services: Services,
  options: Whose,
): Promise<Upload> {
  if (!isMultipart(request)) throw new DomainError("unsupported_media_type", "Send multipart/form-data");
  const count = underWay.get(options.userId) ?? 0;
  if (count >= AT_ONCE) {
    throw new DomainError("rate_limited", `At most ${AT_ONCE} uploads at one time`, { retryAfter: 5 });
  }
  underWay.set(options.userId, count + 1);
  try {
    return await receive(request, services, options);
  } finally {
    const left = underWay.get(options.userId)! - 1;
    if (left > 0) underWay.set(options.userId, left);
    else underWay.delete(options.userId);
  }
}

/** Whose files an upload brings, and which fields of the form take some. */
interface Whose {
  tenantId: string;
  userId: string;
  takes: (field: string) => boolean;
}

async function receive(request: Request, services: Services, options: Whose): Promise<Upload> {
  // In the order they came, whichever is on disk first.
  const places: (Upload["files"][number] | undefined)[] = [];
  const type = request.headers.get("content-type")!;
  let broken: unknown;
  const take = async ({ field, name, mediaType, source }: Part) => {
    const first = await source.next();
    // A file field that was left alone.
    if (name === "" && first.done) return;
    if (!options.takes(field)) throw invalidField(field, "unknown_field", `No file is taken as "${field}"`);
    if (broken) return;
    const place = places.push(undefined) - 1;
    try {
      const given = { tenantId: options.tenantId, name, mediaType };
      places[place] = { field, ...await receiveFile(services, resumed(first, source), given) };
    } catch (error) {
      broken = error;
      throw error;
    }
  };
  const bytes = bytesOf(unreadRequest(request), mostOf(services.config.MAX_ATTACHMENT_MIB));
  try {
    const { fields, refusal } = await whileReading(readMultipart(type, bytes.pull, take));
    if (refusal === undefined) return { fields, files: stored(places) };
    await discardFiles(services, stored(places));
    if (!(refusal instanceof DomainError) || refusal.code === "unavailable") throw refusal;
    return { fields, files: [], refusal };
  } catch (error) {
    await discardFiles(services, stored(places));
    throw error;
  } finally {
    bytes.end();
  }
}

/** The fields of such a form alone; its files go nowhere. @throws DomainError bad_request and too_large, as above */
export async function readFieldsOf(request: Request, { config }: Pick<Services, "config">): Promise<Fields> {
  const type = request.headers.get("content-type") ?? "";
  const bytes = bytesOf(unreadRequest(request), mostOf(config.MAX_ATTACHMENT_MIB));
  try {
    return (await whileReading(readMultipart(type, bytes.pull, async () => {}))).fields;
  } finally {
    bytes.end();
  }
}

/** Bytes of a whole form at most. */
function mostOf(mib: number): number {
  return (MOST_FILES * mib + 1) * MIB;
}

function stored(places: (Upload["files"][number] | undefined)[]): Upload["files"] {
  return places.filter((file) => file !== undefined);
}

/** An iterator whose first step was taken already. */
function resumed(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncIterator<Uint8Array> {
  let taken = false;
  return {
    next: () => {
      if (taken) return rest.next();
      taken = true;
      return Promise.resolve(first);
    },
  };
}

/** How much is read at once, in bytes. */
const PIECE = 64 * 1024;

/** The body's bytes. @throws DomainError too_large past `most` bytes, bad_request when they come too slowly or break off */
function bytesOf(request: Request, most: number): { pull: Pull; end: () => void } {
  const tooLarge = () => new DomainError("too_large", `An upload may have ${most / MIB - 1} MiB`);
  const read = readerOf(request.body);
  let late = false;
  const giveUp = () => {
    late = true;
    read.cancel();
  };
  const last = setTimeout(giveUp, LONGEST_MS);
  let size = 0;
  return {
    async pull(spare) {
      if (Number(request.headers.get("content-length")) > most) throw tooLarge();
      const idle = setTimeout(giveUp, IDLE_MS);
      const piece = await read.next(spare).finally(() => clearTimeout(idle));
      if (late) throw new DomainError("bad_request", "The upload came too slowly");
      size += piece?.length ?? 0;
      if (size > most) throw tooLarge();
      return piece;
    },
    end() {
      clearTimeout(last);
      read.cancel();
    },
  };
}

/**
 * Reads a body into memory that is used again, where it comes from a socket: what is allocated outside the heap for
 * each piece is freed so late that twenty uploads would hold a hundred MiB.
 */
function readerOf(body: ReadableStream<Uint8Array<ArrayBuffer>> | null): { next: Pull; cancel: () => void } {
  if (!body) return { next: () => Promise.resolve(null), cancel: () => {} };
  try {
    const reader = body.getReader({ mode: "byob" });
    return {
      next: async (spare) => {
        const { done, value } = await reader.read(new Uint8Array(spare ?? new ArrayBuffer(PIECE)));
        return done ? null : value;
      },
      cancel: () => void reader.cancel().catch(() => {}),
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const reader = body.getReader();
    return {
      next: async () => (await reader.read()).value ?? null,
      cancel: () => void reader.cancel().catch(() => {}),
    };
  }
}
