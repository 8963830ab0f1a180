import { DomainError } from "@/domain/errors.ts";

/** Longest body without files, in bytes. The longest field is 64 KiB. */
export const BODY_LIMIT = 512 * 1024;
const BODY_DEADLINE_MS = 10_000;

const underway = new Set<Promise<unknown>>();

/** Resolves when no body is being read. `Deno.serve` would cut those off when it is shut down. */
export async function allBodiesRead(): Promise<void> {
  while (underway.size > 0) await Promise.allSettled(underway);
}

/** So that no database connection waits for a client. @throws DomainError too_large; bad_request when late or cut off */
export async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  return await whileReading(read(request));
}

export async function whileReading<T>(reading: Promise<T>): Promise<T> {
  underway.add(reading);
  try {
    return await reading;
  } finally {
    underway.delete(reading);
  }
}

const unread = new WeakMap<Request, Request>();

/** Read when it is asked for, under the limits of {@link readBody}; `readUpload` takes it as it came. */
export function withLazyBody(request: Request): Request {
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const bytes = await readBody(request);
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
    // What nobody reads is thrown away with the request.
    cancel: () => request.body!.cancel(),
  }, { highWaterMark: 0 });
  const lazy = new Request(request.url, { method: request.method, headers: request.headers, body });
  unread.set(lazy, request);
  return lazy;
}

export function unreadRequest(request: Request): Request {
  return unread.get(request) ?? request;
}

async function read(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new DomainError("too_large", `A request may have at most ${BODY_LIMIT / 1024} KiB`);
  if (Number(request.headers.get("content-length")) > BODY_LIMIT) throw tooLarge();
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const late = AbortSignal.timeout(BODY_DEADLINE_MS);
  const end = new Promise<never>((_, reject) => {
    late.addEventListener(
      "abort",
      () => reject(new DomainError("bad_request", "The body arrived too slowly")),
    );
  });
  try {
    while (true) {
      const { done, value } = await Promise.race([reader.read(), end]);
      if (done) return joined(chunks, size);
      size += value.length;
      if (size > BODY_LIMIT) throw tooLarge();
      chunks.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    if (error instanceof DomainError) throw error;
    throw new DomainError("bad_request", "The body broke off", { cause: error });
  }
}

function joined(chunks: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
