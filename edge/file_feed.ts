import type { Readable } from "node:stream";

export interface FileFeed {
  /** The bytes. A piece is valid until the next is requested, which reuses its memory. */
  source: AsyncIterator<Uint8Array>;
  discard(): void;
  ended(): boolean;
  /** Resolves when the reader is done with everything that has arrived. */
  settled(): Promise<void>;
}

export function feed(stream: Readable): FileFeed {
  const pieces: Uint8Array[] = [];
  let state: "open" | "ended" | "discarded" = "open";
  let failure: Error | undefined;
  // A reader that asks for another piece is done with the last one.
  let asked: ((result: IteratorResult<Uint8Array> | Promise<never>) => void) | undefined;
  let idle = false;
  let settle: (() => void) | undefined;
  const isSettled = () => state === "discarded" || stream.readableLength === 0 && pieces.length === 0 && idle;
  const check = () => {
    if (settle && isSettled()) {
      settle();
      settle = undefined;
    }
  };
  const answer = () => {
    if (!asked) return;
    const piece = pieces.shift();
    if (!piece && !failure && state === "open") return;
    const give = asked;
    asked = undefined;
    idle = !piece;
    give(piece ? { done: false, value: piece } : failure ? Promise.reject(failure) : END);
  };
  stream.on("data", (piece) => {
    if (state === "discarded") return;
    pieces.push(piece);
    answer();
  });
  stream.on("end", () => {
    if (state === "open") state = "ended";
    answer();
    check();
  });
  stream.on("error", (error) => {
    failure = error;
    pieces.length = 0;
    answer();
    check();
  });
  return {
    source: {
      next: () => {
        idle = true;
        const result = Promise.withResolvers<IteratorResult<Uint8Array>>();
        asked = result.resolve;
        answer();
        check();
        return result.promise;
      },
    },
    discard() {
      state = "discarded";
      pieces.length = 0;
      check();
    },
    ended: () => stream.readableEnded || stream.destroyed,
    settled: () => isSettled() || failure ? Promise.resolve() : new Promise((done) => settle = done),
  };
}

const END: IteratorResult<Uint8Array> = { done: true, value: undefined };
