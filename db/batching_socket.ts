import { Buffer } from "node:buffer";
import { Socket } from "node:net";

/** Sends what is written in one turn of the event loop as one packet: see docs/adr/0024-one-write-a-turn.md. */
export class BatchingSocket extends Socket {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #full = false;

  override connect(...args: unknown[]): this {
    super.connect(...args as [number]);
    // node:net puts its own `write` on the socket when it connects.
    Reflect.deleteProperty(this, "write");
    return this;
  }

  /** @returns whether more may be written; false is followed by `drain`, as of any stream */
  override write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    if (typeof chunk === "string" || rest.length > 0) {
      this.#flush();
      return super.write(chunk, ...rest as []);
    }
    if (this.#chunks.push(chunk) === 1) queueMicrotask(() => this.#flush());
    this.#bytes += chunk.length;
    this.#full ||= this.writableLength + this.#bytes >= this.writableHighWaterMark;
    return !this.#full;
  }

  override end(...args: unknown[]): this {
    this.#flush();
    return super.end(...args as []);
  }

  #flush(): void {
    const chunks = this.#chunks;
    if (chunks.length === 0) return;
    const full = this.#full;
    [this.#chunks, this.#bytes, this.#full] = [[], 0, false];
    if (this.destroyed) return;
    const more = super.write(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    // If the system took less, the stream emits it later.
    if (full && more) this.emit("drain");
  }
}
