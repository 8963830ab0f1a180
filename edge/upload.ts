import { discardFiles, receiveFile, type StoredFile } from "@/domain/attachments/receive.ts";
import { MOST_FILES } from "@/domain/attachments/types.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { nearest } from "@/domain/unknown_fields.ts";
import type { Services } from "@/ports.ts";
import { unreadRequest, whileReading } from "./body.ts";
import { type Fields, type Part, type Pull, readMultipart } from "./multipart.ts";

/** Longest pause within an upload, and longest upload, in milliseconds. */
const IDLE_MS = 10_000;
const LONGEST_MS = 15 * 60_000;
const MIB = 1024 * 1024;
const AT_ONCE = 32;

const underWay = new Map<string, number>();

export interface Upload {
  fields: Fields;
  files: (StoredFile & { field: string })[];
  /** Why it is refused. No file was kept then. */
  refusal?: DomainError;
}

export function isMultipart(request: Request): boolean {
  return /^multipart\/form-data\b/i.test(request.headers.get("content-type") ?? "");
}

/** A refusal keeps no file. @throws DomainError unsupported_media_type, rate_limited, too_large, bad_request; the store's */
export async function readUpload(
  request: Request,
  services: Services,
  options: UploadOptions,
): Promise<Upload> {
  if (!isMultipart(request)) throw new DomainError("unsupported_media_type", "Send multipart/form-data");
  const count = underWay.get(options.userId) ?? 0;
  if (count >= AT_ONCE) {
    throw new DomainError("rate_limited", `At most ${AT_ONCE} uploads at a time`, { retryAfter: 5 });
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

interface UploadOptions {
  tenantId: string;
  userId: string;
  /** The fields that take files. */
  takes: readonly string[];
}

async function receive(request: Request, services: Services, options: UploadOptions): Promise<Upload> {
  // In the order of the form, whichever is stored first.
  const places: (Upload["files"][number] | undefined)[] = [];
  const type = request.headers.get("content-type")!;
  let broken: unknown;
  const take = async ({ field, name, mediaType, source }: Part) => {
    const first = await source.next();
    // A file field that was left empty.
    if (name === "" && first.done) return;
    if (!options.takes.includes(field)) throw noFiles(field, options.takes);
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

function noFiles(field: string, takes: readonly string[]): DomainError {
  const meant = nearest(field, takes) ?? takes[0];
  return invalidField(field, "unknown_field", `This field takes no files. Did you mean "${meant}"?`);
}

/** Reads only the fields of such a form, and drops its files. @throws DomainError bad_request or too_large */
export async function readFieldsOf(request: Request, { config }: Pick<Services, "config">): Promise<Fields> {
  const type = request.headers.get("content-type") ?? "";
  const bytes = bytesOf(unreadRequest(request), mostOf(config.MAX_ATTACHMENT_MIB));
  try {
    return (await whileReading(readMultipart(type, bytes.pull, async () => {}))).fields;
  } finally {
    bytes.end();
  }
}

function mostOf(mib: number): number {
  return (MOST_FILES * mib + 1) * MIB;
}

function stored(places: (Upload["files"][number] | undefined)[]): Upload["files"] {
  return places.filter((file) => file !== undefined);
}

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

const PIECE = 64 * 1024;

/** The body's bytes. @throws DomainError too_large past `most` bytes, bad_request when they break off or are too slow */
function bytesOf(request: Request, most: number): { pull: Pull; end: () => void } {
  const tooLarge = () => new DomainError("too_large", `An upload may have at most ${most / MIB - 1} MiB`);
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
      if (late) throw new DomainError("bad_request", "The upload arrived too slowly");
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

/** Reuses memory: buffers allocated per piece are freed so late that twenty uploads would hold a hundred MiB. */
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
