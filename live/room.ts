import { act } from "@/domain/cx.ts";
import type { Services } from "@/ports.ts";
import { type FeedEvent, type FeedPage, readFeed } from "@/domain/events/feed.ts";
import { PRINCIPAL_ENTITIES, readPrincipals } from "@/domain/events/principals.ts";
import { canReceive } from "@/domain/events/audience.ts";
import { type FeedPosition, isAfter } from "@/domain/events/position.ts";
import type { EventStream } from "./stream.ts";
import { bytesOf, eventText, heartbeatText } from "./wire.ts";
import { toLiveEvent } from "@/domain/events/live_event.ts";

/** Events read at once: as text well under what may wait for a reader. */
const BATCH = 100;
/** Between two reads, so that a busy organisation's events go out several at a time, in milliseconds. */
const PACE_MS = 25;
/** First and longest wait for an older transaction that holds events back, in milliseconds. */
const HELD_MS = { first: 15, longest: 500 };

/** The streams of one organisation in this process: its feed is read once for all of them. */
export class Room {
  readonly streams = new Set<EventStream>();
  /** Up to where the feed was read. */
  position: FeedPosition;
  /** When it was read last, by performance.now(). */
  readAt = performance.now();
  #reading: Promise<void> | null = null;
  #again = false;
  #heldMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(readonly services: Services, readonly tenantId: string, start: FeedPosition) {
    this.position = start;
  }

  /** Has the feed read, now or as soon as the reading under way has ended. */
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

  /** Reads the feed behind `after`, past what any one person may see. */
  async read(after: FeedPosition): Promise<FeedPage> {
    return await this.#act((cx) => readFeed(cx, { after, limit: BATCH }));
  }

  /** Gives a stream what it may hear of these, in one piece. */
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

  /** What says to all that they are still connected, and where they would go on. */
  heartbeat(): Uint8Array<ArrayBuffer> {
    return bytesOf(heartbeatText(this.services, this.tenantId, this.position));
  }

  /**
   * Gives a stream what it missed, a stretch at a time as it is read, until it is where the room is; from there on it
   * gets what the room gets.
   *
   * @param inTurn runs a reading when few enough others read
   */
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

  /** Looks up anew who listens on some of the streams: who was signed out, or has another role, hears no more. */
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

  /** The streams whose listener an event may change. */
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
    // A database that is away is asked again by the poll.
    const stretch = await this.read(this.position).catch(() => null);
    if (!stretch) return;
    // Before anybody is told: what ends somebody's listening comes before what they might hear after it.
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
