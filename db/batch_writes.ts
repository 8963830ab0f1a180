import { Buffer } from "node:buffer";
import type { Socket } from "node:net";

type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean;

/**
 * Has a connected socket, with TLS or without, send what is written in one turn of the event loop as one packet: see
 * docs/adr/0024-one-write-a-turn.md.
 */
export function batchWrites(socket: Socket): void {
  // node:net puts a `write` of its own on a socket when it connects: what is there now is what sends.
  const send = socket.write.bind(socket) as Write;
  const end = socket.end.bind(socket) as (...args: unknown[]) => Socket;
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  let full = false;
  const flush = () => {
    if (chunks.length === 0) return;
    const packet = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    const waiting = full;
    [chunks, bytes, full] = [[], 0, false];
    if (socket.destroyed) return;
    const more = send(packet);
    // If the system took less, the stream emits it later.
    if (waiting && more) socket.emit("drain");
  };
  const write: Write = (chunk, ...rest) => {
    if (typeof chunk === "string" || rest.length > 0) {
      flush();
      return send(chunk, ...rest);
    }
    if (chunks.push(chunk) === 1) queueMicrotask(flush);
    bytes += chunk.length;
    full ||= socket.writableLength + bytes >= socket.writableHighWaterMark;
    return !full;
  };
  Object.assign(socket, {
    write,
    end(...args: unknown[]) {
      flush();
      return end(...args);
    },
  });
}
