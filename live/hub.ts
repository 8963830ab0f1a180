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

/** Per user: a browser shares one among its tabs. */
const MOST_PER_USER = 6;
const HEARTBEAT_SECONDS = 12;
/** Makes up for lost wake-ups. */
const POLL_MS = 4_000;
/** Streams end so that clients authenticate again. */
const LIFE_MS = { least: 15 * 60_000, spread: 5 * 60_000 };
/** Streams catching up at once; the rest wait, to leave connections for others. */
const CATCHING_UP = 4;
const TICK_MS = 1_000;

export interface Subscription {
  tenantId: string;
  sessionId: string;
  principal: Principal;
  /** The feed's end at that time. */
  horizon: FeedPosition;
  /** The horizon for a new client; null when its cursor can't be resumed. */
  resumeFrom: FeedPosition | null;
}

export class Hub {
  readonly #rooms = new Map<string, Room>();
  readonly #perUser = new Map<string, number>();
  /** Spreads heartbeats over the seconds. */
  readonly #turns: Set<EventStream>[] = Array.from({ length: HEARTBEAT_SECONDS }, () => new Set());
  readonly #waiting: (() => void)[] = [];
  #catching = 0;
  #ticks = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stopListening: (() => void) | undefined;
  #stopping = false;

  constructor(readonly services: Services) {}

  get size(): number {
    return this.#turns.reduce((sum, { size }) => sum + size, 0);
  }

  /** @throws DomainError rate_limited when the user has too many, unavailable while the process stops */
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
    // Events committed before the room subscribed to the bus.
    if (room.streams.size === 1) room.wake();
    return stream.body;
  }

  notifyPresence(tenantId: string, { ticketId, userIds }: { ticketId: string; userIds: string[] }): void {
    const room = this.#rooms.get(tenantId);
    if (!room || userIds.length === 0) return;
    const bytes = bytesOf(presenceText(ticketId));
    for (const stream of room.streams) if (userIds.includes(stream.principal.userId)) stream.push(bytes);
  }

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

export function hubOf(services: Services): Hub {
  let hub = hubs.get(services);
  if (!hub) hubs.set(services, hub = new Hub(services));
  return hub;
}

/** `cursor` is the last event received. @throws DomainError unauthenticated when session or role changed just now */
export async function authoriseStream(cx: UserCx, cursor: string | undefined): Promise<Subscription> {
  const sessionId = cx.sessionId!;
  // Later changes come through the feed, earlier ones are seen by the second read.
  const [{ end: horizon }, listeners] = await inOrder(cx.db, [
    () => readFeedEnd(cx),
    () => readPrincipals(cx, [sessionId]),
  ]);
  const principal = listeners.get(sessionId);
  if (!principal || principal.role !== cx.actor.role) throw new DomainError("unauthenticated");
  const from = cursor === undefined ? horizon : resumePosition(cx, cursor, horizon);
  return { tenantId: cx.tenant.id, sessionId, principal, horizon, resumeFrom: from };
}

export async function feedCursor(cx: UserCx): Promise<string> {
  return writeFeedCursor(cx.services, cx.tenant.id, (await readFeedEnd(cx)).end);
}
