import { Buffer } from "node:buffer";
import { Socket } from "node:net";

/**
 * A socket that sends what is written in one turn of the event loop as one packet. The driver writes each message of
 * each statement by itself; a write costs a system call and wakes the server, which costs more than a small statement.
 */
export class BatchingSocket extends Socket {
  #chunks: Uint8Array[] = [];

  override write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    if (typeof chunk === "string" || rest.length > 0) {
      this.#flush();
      return super.write(chunk, ...rest as []);
    }
    if (this.#chunks.push(chunk) === 1) queueMicrotask(() => this.#flush());
    return true;
  }

  override end(...args: unknown[]): this {
    this.#flush();
    return super.end(...args as []);
  }

  #flush(): void {
    const chunks = this.#chunks;
    if (chunks.length === 0) return;
    this.#chunks = [];
    super.write(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
  }
}
