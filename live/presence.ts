import { z } from "zod";
import type { UserCx } from "@/domain/cx.ts";
import type { Services } from "@/ports.ts";
import { requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { hubOf } from "./hub.ts";

const GONE_AFTER_MS = 30_000;

export const AnnouncePresence = z.object({ state: z.enum(["viewing", "replying"]) });

export interface Presence {
  id: string;
  name: string;
  state: z.output<typeof AnnouncePresence>["state"];
}

interface PresenceMessage {
  tenantId: string;
  ticketId: string;
  user: { id: string; name: string };
  state: Presence["state"] | "gone";
}

interface Entry {
  name: string;
  state: Presence["state"];
  /** By performance.now(). */
  until: number;
}

/** Who is at which ticket, as announced by all processes; kept in memory only. */
export class PresenceBoard {
  readonly #places = new Map<string, Map<string, Entry>>();
  #sweptAt = performance.now();

  constructor(readonly services: Services) {
    services.bus.subscribe("presence", (message) => this.#hear(JSON.parse(message)));
  }

  publish(message: PresenceMessage): void {
    this.services.bus.publish("presence", JSON.stringify(message));
  }

  othersAt(ticketId: string, userId: string): Presence[] {
    const now = performance.now();
    return [...this.#places.get(ticketId) ?? []]
      .filter(([id, { until }]) => id !== userId && until > now)
      .map(([id, { name, state }]) => ({ id, name, state }))
      .sort((a, b) => a.state === b.state ? a.name.localeCompare(b.name) : a.state === "replying" ? -1 : 1);
  }

  #hear({ tenantId, ticketId, user, state }: PresenceMessage): void {
    const now = performance.now();
    this.#sweep(now);
    const place = this.#places.get(ticketId) ?? new Map<string, Entry>();
    const before = place.get(user.id);
    const was = before && before.until > now ? before.state : "gone";
    if (state === "gone") place.delete(user.id);
    else place.set(user.id, { name: user.name, state, until: now + GONE_AFTER_MS });
    if (place.size > 0) this.#places.set(ticketId, place);
    else this.#places.delete(ticketId);
    if (was === state) return;
    hubOf(this.services).notifyPresence(tenantId, {
      ticketId,
      userIds: this.othersAt(ticketId, user.id).map(({ id }) => id),
    });
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < GONE_AFTER_MS) return;
    this.#sweptAt = now;
    for (const [ticketId, place] of this.#places) {
      for (const [id, { until }] of place) if (until <= now) place.delete(id);
      if (place.size === 0) this.#places.delete(ticketId);
    }
  }
}

const boards = new WeakMap<Services, PresenceBoard>();

export function presenceOf(services: Services): PresenceBoard {
  let board = boards.get(services);
  if (!board) boards.set(services, board = new PresenceBoard(services));
  return board;
}

/** For staff. @throws DomainError not_found */
export async function listPresence(cx: UserCx, { ticketId }: { ticketId: string }): Promise<Presence[]> {
  const { id } = await requireTicket(cx, ticketId);
  return presenceOf(cx.services).othersAt(id, cx.actor.id);
}

/** For 30 s; for staff. @returns who else is there @throws DomainError not_found */
export async function announcePresence(
  cx: UserCx,
  { ticketId, state }: z.output<typeof AnnouncePresence> & { ticketId: string },
): Promise<Presence[]> {
  return await publishPresence(cx, ticketId, state);
}

/** @throws DomainError not_found */
export async function announceLeaving(cx: UserCx, { ticketId }: { ticketId: string }): Promise<void> {
  await publishPresence(cx, ticketId, "gone");
}

async function publishPresence(
  cx: UserCx,
  idOrKey: string,
  state: PresenceMessage["state"],
): Promise<Presence[]> {
  const { id: ticketId } = await requireTicket(cx, idOrKey);
  const board = presenceOf(cx.services);
  const { id, name } = cx.actor;
  cx.afterCommit(() => board.publish({ tenantId: cx.tenant.id, ticketId, user: { id, name }, state }));
  return board.othersAt(ticketId, id);
}
