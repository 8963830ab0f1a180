import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import type { Services } from "@/ports.ts";
import type { Principal } from "@/domain/events/audience.ts";
import { readFeedEnd } from "@/domain/events/feed.ts";
import { readPrincipals } from "@/domain/events/principals.ts";
import { type FeedPosition, resumePosition, writeFeedCursor } from "@/domain/events/position.ts";
import { Room } from "./room.ts";
import { type EndReason, EventStream } from "./stream.ts";
import { bytesOf, presenceText, resetText, retryText } from "./wire.ts";

/** Streams of one person at one time: a browser has one for all its tabs. */
const MOST_PER_USER = 6;
/** A heartbeat goes out this often, and in between nothing is said, in seconds. */
const HEARTBEAT_SECONDS = 12;
/** A wake-up that was lost is made up for after this long at most, in milliseconds. */
const POLL_MS = 4_000;
/** A stream ends after this and its client comes back: so none outlives the answer to who it is for, in milliseconds. */
const LIFE_MS = { least: 15 * 60_000, spread: 5 * 60_000 };
/** Readers that are given what they missed at one time, so that thousands who come back leave others a connection. */
const CATCHING_UP = 4;
const TICK_MS = 1_000;

/** What a stream needs to begin, as the transaction that admitted it found it. */
export interface Subscription {
  tenantId: string;
  sessionId: string;
  principal: Principal;
  /** The feed's end then. */
  horizon: FeedPosition;
  /** Where it goes on: the horizon for who comes anew; null where that can't be known any more. */
  resumeFrom: FeedPosition | null;
}

/** All event streams of a process. */
export class Hub {
  readonly #rooms = new Map<string, Room>();
  readonly #perUser = new Map<string, number>();
  /** Each stream's turn for heartbeats, so that they are spread over the seconds. */
  readonly #turns: Set<EventStream>[] = Array.from({ length: HEARTBEAT_SECONDS }, () => new Set());
  readonly #waiting: (() => void)[] = [];
  #catching = 0;
  #ticks = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stopListening: (() => void) | undefined;
  #stopping = false;

  constructor(readonly services: Services) {}

  /** How many streams are open. */
  get size(): number {
    return this.#turns.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Opens a stream.
   *
   * @throws DomainError rate_limited when the person has too many, unavailable while the process stops
   */
  subscribe(admitted: Subscription): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { tenantId, sessionId, principal, horizon, resumeFrom: from } = admitted;
    if (this.#stopping) throw new DomainError("unavailable", "The process is stopping", { retryAfter: 1 });
    const open = this.#perUser.get(principal.userId) ?? 0;
    if (open >= MOST_PER_USER) {
      const detail = `At most ${MOST_PER_USER} event streams per person`;
      throw new DomainError("rate_limited", detail, { retryAfter: 30 });
    }
    const room = this.#roomOf(tenantId, horizon);
    const turn = this.#turns[Math.floor(Math.random() * HEARTBEAT_SECONDS)]!;
    const stream = new EventStream({
      sessionId,
      principal,
      position: from ?? horizon,
      endsAt: performance.now() + LIFE_MS.least + Math.random() * LIFE_MS.spread,
      ended: (stream, why) => {
        turn.delete(stream);
        this.#leave(room, stream, why);
      },
    });
    this.#perUser.set(principal.userId, open + 1);
    turn.add(stream);
    room.streams.add(stream);
    const reset = from ? "" : resetText(this.services, tenantId, horizon);
    stream.push(bytesOf(retryText() + reset));
    room.catchUp(stream, (work) => this.#inTurn(work)).catch(() => stream.end("failed"));
    // What was committed before this room listened.
    if (room.streams.size === 1) room.wake();
    return stream.body;
  }

  /** Tells some people's streams that others came to a ticket that they have open, or left it. */
  notifyPresence(tenantId: string, { ticketId, userIds }: { ticketId: string; userIds: string[] }): void {
    const room = this.#rooms.get(tenantId);
    if (!room || userIds.length === 0) return;
    const bytes = bytesOf(presenceText(ticketId));
    for (const stream of room.streams) if (userIds.includes(stream.principal.userId)) stream.push(bytes);
  }

  /** Ends every stream with a hint when to come back, and takes no more. */
  stop(): void {
    this.#stopping = true;
    for (const turn of this.#turns) {
      for (const stream of [...turn]) stream.end("stop", bytesOf(retryText()));
    }
  }

  #roomOf(tenantId: string, start: FeedPosition): Room {
    let room = this.#rooms.get(tenantId);
    if (!room) this.#rooms.set(tenantId, room = new Room(this.services, tenantId, start));
    this.#stopListening ??= this.services.bus.subscribe("events", (id) => this.#rooms.get(id)?.wake());
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    return room;
  }

  #leave(room: Room, stream: EventStream, _why: EndReason): void {
    const { userId } = stream.principal;
    const left = this.#perUser.get(userId)! - 1;
    if (left > 0) this.#perUser.set(userId, left);
    else this.#perUser.delete(userId);
    room.streams.delete(stream);
    if (room.streams.size > 0) return;
    room.close();
    this.#rooms.delete(room.tenantId);
    if (this.#rooms.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  #tick(): void {
    const now = performance.now();
    const turn = this.#turns[this.#ticks++ % HEARTBEAT_SECONDS]!;
    for (const room of [...this.#rooms.values()]) {
      if (now - room.readAt >= POLL_MS - TICK_MS / 2) room.wake();
      const heartbeat = room.heartbeat();
      for (const stream of room.streams) {
        stream.endIfStalled(now);
        if (!turn.has(stream)) continue;
        if (now >= stream.endsAt) stream.end("age");
        else if (stream.following) stream.push(heartbeat);
      }
    }
  }

  /** Runs work when fewer than {@link CATCHING_UP} of its kind run. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#catching >= CATCHING_UP) await new Promise<void>((done) => this.#waiting.push(done));
    else this.#catching++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#catching--;
    }
  }
}

const hubs = new WeakMap<Services, Hub>();

/** The hub of a process. */
export function hubOf(services: Services): Hub {
  let hub = hubs.get(services);
  if (!hub) hubs.set(services, hub = new Hub(services));
  return hub;
}

/**
 * Looks at who wants to listen and from where, in their transaction.
 *
 * @param cursor the last event they have, if any
 * @throws DomainError unauthenticated when they were signed out or got another role this very moment
 */
export async function authoriseStream(cx: UserCx, cursor: string | undefined): Promise<Subscription> {
  const sessionId = cx.sessionId!;
  // What changes after the first of these comes through the feed, what came before is seen by the second.
  const [{ end: horizon }, listeners] = await inOrder(cx.db, [
    () => readFeedEnd(cx),
    () => readPrincipals(cx, [sessionId]),
  ]);
  const principal = listeners.get(sessionId);
  if (!principal || principal.role !== cx.actor.role) throw new DomainError("unauthenticated");
  const from = cursor === undefined ? horizon : resumePosition(cx, cursor, horizon);
  return { tenantId: cx.tenant.id, sessionId, principal, horizon, resumeFrom: from };
}

/** The cursor behind which everything is news to who reads something in this transaction, from here on. */
export async function feedCursor(cx: UserCx): Promise<string> {
  return writeFeedCursor(cx.services, cx.tenant.id, (await readFeedEnd(cx)).end);
}
