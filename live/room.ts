import { act } from "@/domain/cx.ts";
import type { Services } from "@/ports.ts";
import { type FeedEvent, type FeedPage, readFeed } from "@/domain/events/feed.ts";
import { PRINCIPAL_ENTITIES, readPrincipals } from "@/domain/events/principals.ts";
import { canReceive } from "@/domain/events/audience.ts";
import { type FeedPosition, isAfter } from "@/domain/events/position.ts";
import type { EventStream } from "./stream.ts";
import { bytesOf, eventText, heartbeatText } from "./wire.ts";
import { toLiveEvent } from "@/domain/events/live_event.ts";

const BATCH = 100;
/** Batches the events of busy tenants. */
const PACE_MS = 25;
/** Waits for an older transaction that holds events back. */
const HELD_MS = { first: 15, longest: 500 };

/** A tenant's streams in this process; the feed is read once for all of them. */
export class Room {
  readonly streams = new Set<EventStream>();
  position: FeedPosition;
  /** By performance.now(). */
  readAt = performance.now();
  #reading: Promise<void> | null = null;
  #again = false;
  #heldMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(readonly services: Services, readonly tenantId: string, start: FeedPosition) {
    this.position = start;
  }

  wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = null;
      if (this.#again) this.wake();
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async read(after: FeedPosition): Promise<FeedPage> {
    return await this.#act((cx) => readFeed(cx, { after, limit: BATCH }));
  }

  /** Sends a stream the events it may receive; streams with the same events share the bytes. */
  deliver(stream: EventStream, events: FeedEvent[], made: Map<string, Uint8Array<ArrayBuffer>>): void {
    const { principal, position } = stream;
    let key = "";
    for (const [index, event] of events.entries()) {
      if (position && !isAfter(event.position, position)) continue;
      if (canReceive(principal, event)) key += `${index},`;
    }
    if (key === "") return;
    let bytes = made.get(key);
    if (!bytes) {
      const chosen = key.slice(0, -1).split(",").map((index) => events[Number(index)]!);
      const texts = chosen.map((event) => eventText(toLiveEvent(this.services, this.tenantId, event)));
      made.set(key, bytes = bytesOf(texts.join("")));
    }
    stream.push(bytes);
  }

  heartbeat(): Uint8Array<ArrayBuffer> {
    return bytesOf(heartbeatText(this.services, this.tenantId, this.position));
  }

  /** What the stream missed, until it has caught up with the room. `inTurn` limits how many do so at once. */
  async catchUp(stream: EventStream, inTurn: <T>(work: () => Promise<T>) => Promise<T>): Promise<void> {
    while (!stream.isEnded && isAfter(this.position, stream.position!)) {
      await stream.drained();
      const stretch = await inTurn(() => this.read(stream.position!));
      if (this.affectedStreams(stretch.events, stretch.heldBack).has(stream)) {
        await this.refreshPrincipals([stream]);
      }
      if (stream.isEnded) return;
      this.deliver(stream, stretch.events, new Map());
      stream.position = stretch.end;
    }
    stream.following = true;
  }

  /** Ends streams whose session ended or whose user's role changed. */
  async refreshPrincipals(streams: Iterable<EventStream>): Promise<void> {
    const asked = [...streams];
    if (asked.length === 0) return;
    const ids = [...new Set(asked.map(({ sessionId }) => sessionId))];
    const now = await this.#act((cx) => readPrincipals(cx, ids));
    for (const stream of asked) {
      const principal = now.get(stream.sessionId);
      if (principal?.role === stream.principal.role) stream.principal = principal;
      else stream.end("session");
    }
  }

  /** The streams whose principal may have changed. */
  affectedStreams(events: readonly FeedEvent[], held: readonly string[]): Set<EventStream> {
    const touching = events.filter(({ entity }) => PRINCIPAL_ENTITIES.has(entity));
    if (touching.length === 0 && !held.some((entity) => PRINCIPAL_ENTITIES.has(entity))) return new Set();
    const all = held.some((entity) => PRINCIPAL_ENTITIES.has(entity)) ||
      touching.some(({ entity }) => entity === "queue" || entity === "tenant");
    if (all) return new Set(this.streams);
    const ids = new Set(touching.map(({ entityId }) => entityId));
    return new Set(
      [...this.streams].filter(({ sessionId, principal }) => ids.has(sessionId) || ids.has(principal.userId)),
    );
  }

  async #readAll(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      await this.#readOnce();
      await new Promise((done) => setTimeout(done, PACE_MS));
    }
  }

  async #readOnce(): Promise<void> {
    clearTimeout(this.#timer);
    this.readAt = performance.now();
    // The poll tries again when the database is down.
    const stretch = await this.read(this.position).catch(() => null);
    if (!stretch) return;
    // Before delivery, so that nobody receives events after losing access.
    const disturbed = this.affectedStreams(stretch.events, stretch.heldBack);
    if (disturbed.size > 0) {
      const refreshed = await this.refreshPrincipals(disturbed).then(() => true).catch(() => false);
      if (!refreshed) return;
    }
    const made = new Map<string, Uint8Array<ArrayBuffer>>();
    this.position = stretch.end;
    for (const stream of this.streams) {
      if (!stream.following) continue;
      if (stretch.events.length > 0) this.deliver(stream, stretch.events, made);
      if (stream.position && !isAfter(stream.position, this.position)) stream.position = null;
    }
    if (stretch.more) this.#again = true;
    this.#waitForHeld(stretch.heldBack.length > 0);
  }

  #waitForHeld(isHeld: boolean): void {
    if (!isHeld) return void (this.#heldMs = 0);
    this.#heldMs = Math.min(this.#heldMs * 2 || HELD_MS.first, HELD_MS.longest);
    this.#timer = setTimeout(() => this.wake(), this.#heldMs);
  }

  #act<T>(work: Parameters<typeof act<T>>[2]): Promise<T> {
    const request = { requestId: "live", ip: "", userAgent: "", services: this.services };
    return act(request, { kind: "system", tenantId: this.tenantId }, work);
  }
}
