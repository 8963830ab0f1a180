import { log } from "@/log.ts";

type Body = ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>;

/** A file that is made for its reader. */
export interface Download {
  contentType: string;
  fileName: string;
  /** Made when it is asked for. */
  body: () => Body | Promise<Body>;
}

/** Nobody waits for a reader that takes nothing for so long. */
const STALLED_MS = 60_000;

const encoder = new TextEncoder();

/**
 * The parts of a text as a body: each is made when the reader has taken the one before, and none after the reader has
 * gone. Where one fails the body breaks off, so that nobody takes it for a whole one.
 */
export function textStream(
  parts: AsyncGenerator<string>,
  { requestId }: { requestId?: string } = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let stalled: ReturnType<typeof setTimeout> | undefined;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      clearTimeout(stalled);
      try {
        const { done, value } = await parts.next();
        if (done) return controller.close();
        controller.enqueue(encoder.encode(value));
      } catch (error) {
        log("warn", "Cannot finish a download", { requestId, error });
        throw error;
      }
      stalled = setTimeout(() => {
        controller.error(new Error("Cannot finish a download: its reader takes nothing"));
        void parts.return(undefined);
      }, STALLED_MS);
    },
    async cancel() {
      clearTimeout(stalled);
      await parts.return(undefined);
    },
  }, { highWaterMark: 0 });
}
