import type { Services } from "@/ports.ts";
import type { LiveEvent } from "@/domain/events/live_event.ts";
import { type FeedPosition, writeFeedCursor } from "@/domain/events/position.ts";

const encoder = new TextEncoder();

/** How long a client waits before it comes back, in milliseconds: spread, so that not all come at once. */
const RETRY_MS = { least: 1_000, spread: 2_000 };

/** A message of a stream (HTML, "Server-sent events"). */
export function eventText(event: LiveEvent): string {
  return `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** What a stream begins with, and ends with where the process does: when to come back. */
export function retryText(): string {
  return `retry: ${Math.round(RETRY_MS.least + Math.random() * RETRY_MS.spread)}\n\n`;
}

/** Says that what happened in between can't be told: look at everything anew, and go on from `position`. */
export function resetText(services: Services, tenantId: string, position: FeedPosition): string {
  return `event: reset\nid: ${writeFeedCursor(services, tenantId, position)}\ndata: {}\n\n`;
}

/** Says that who is at a ticket has changed. It has no id: who misses it asks by themselves soon enough. */
export function presenceText(ticketId: string): string {
  return `event: presence\ndata: ${
    JSON.stringify({ topic: "presence", entity: "ticket", entityId: ticketId })
  }\n\n`;
}

/** Tells nothing but that somebody is there; who comes back after it needn't be told again what came before. */
export function heartbeatText(services: Services, tenantId: string, position: FeedPosition): string {
  return `:\nid: ${writeFeedCursor(services, tenantId, position)}\n\n`;
}
