import type { Services } from "@/ports.ts";
import type { FeedEvent } from "./feed.ts";
import { writeFeedCursor } from "./position.ts";

/** An event as clients get it: where to look, never what is there. */
export interface LiveEvent {
  /** Cursor: what comes behind it is asked for by it. */
  id: string;
  /** What happened, as `ticket.commented`. */
  topic: string;
  entity: string;
  entityId: string;
  /** The entity's version after it; null where it has none. */
  version: number | null;
}

export function toLiveEvent(services: Services, tenantId: string, event: FeedEvent): LiveEvent {
  return {
    id: writeFeedCursor(services, tenantId, event.position),
    topic: event.topic,
    entity: event.entity,
    entityId: event.entityId,
    version: event.version,
  };
}
