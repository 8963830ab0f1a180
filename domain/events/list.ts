import { z } from "zod";
import type { UserCx } from "@/domain/cx.ts";
import { invalidField } from "@/domain/errors.ts";
import { optional } from "@/domain/validation.ts";
import { canReceive, principalOf } from "./audience.ts";
import { readFeed, readFeedEnd } from "./feed.ts";
import { FEED_START, resumePosition, writeFeedCursor } from "./position.ts";
import { type LiveEvent, toLiveEvent } from "./live_event.ts";

export const ListEvents = z.object({
  after: optional(z.string().max(200)),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});

/** Rows to look at per page, including those the actor may not see. */
const MOST_READ = 1_000;
const STRETCH = 200;

export interface EventPage {
  items: (LiveEvent & { at: string })[];
  /** For the next request, at once if there is `more`: the feed never ends. */
  nextCursor: string;
  more: boolean;
}

/** In the order of streams. @throws DomainError invalid when `after` is invalid or older than the oldest event */
export async function listEvents(
  cx: UserCx,
  { after, limit }: z.output<typeof ListEvents>,
): Promise<EventPage> {
  const { end: horizon } = await readFeedEnd(cx);
  const start = after === undefined ? FEED_START : resumePosition(cx, after, horizon);
  if (!start) {
    throw invalidField(
      "after",
      "unknown_cursor",
      "The cursor is invalid or too old. Reload everything and continue without it",
    );
  }
  const principal = principalOf(cx.tenant, cx.actor);
  const items: EventPage["items"] = [];
  let position = start;
  let more = true;
  for (let read = 0; more && items.length < limit && read < MOST_READ; read += STRETCH) {
    const stretch = await readFeed(cx, { after: position, limit: STRETCH });
    more = stretch.more;
    position = stretch.end;
    for (const event of stretch.events) {
      if (!canReceive(principal, event)) continue;
      if (items.length === limit) {
        more = true;
        break;
      }
      items.push({ ...toLiveEvent(cx.services, cx.tenant.id, event), at: event.at });
      if (items.length === limit) position = event.position;
    }
  }
  return { items, nextCursor: writeFeedCursor(cx.services, cx.tenant.id, position), more };
}
