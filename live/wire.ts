import type { Services } from "@/ports.ts";
import type { LiveEvent } from "@/domain/events/live_event.ts";
import { type FeedPosition, writeFeedCursor } from "@/domain/events/position.ts";

const encoder = new TextEncoder();

/** Spread, so that clients don't reconnect all at once. */
const RETRY_MS = { least: 1_000, spread: 2_000 };

/** A server-sent event (HTML standard). */
export function eventText(event: LiveEvent): string {
  return `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

export function retryText(): string {
  return `retry: ${Math.round(RETRY_MS.least + Math.random() * RETRY_MS.spread)}\n\n`;
}

/** Tells the client to reload everything and continue from `position`. */
export function resetText(services: Services, tenantId: string, position: FeedPosition): string {
  return `event: reset\nid: ${writeFeedCursor(services, tenantId, position)}\ndata: {}\n\n`;
}

/** Without an id: clients that miss it poll anyway. */
export function presenceText(ticketId: string): string {
  return `event: presence\ndata: ${
    JSON.stringify({ topic: "presence", entity: "ticket", entityId: ticketId })
  }\n\n`;
}

/** Keeps the connection open and moves the client's cursor. */
export function heartbeatText(services: Services, tenantId: string, position: FeedPosition): string {
  return `:\nid: ${writeFeedCursor(services, tenantId, position)}\n\n`;
}
