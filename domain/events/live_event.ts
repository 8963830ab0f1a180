import type { Services } from "@/ports.ts";
import type { FeedEvent } from "./feed.ts";
import { writeFeedCursor } from "./position.ts";

/** An event as clients receive it: what to reload, never its content. */
export interface LiveEvent {
  /** Also the cursor for events after it. */
  id: string;
  topic: string;
  entity: string;
  entityId: string;
  /** Null if the entity has no version. */
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
