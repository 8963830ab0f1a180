import type { UserCx } from "@/domain/cx.ts";
import { readLinks, type TicketLink } from "@/domain/tickets/links/read_links.ts";
import { changeableUntil, maySeeRating, type RatingState, readRating } from "@/domain/tickets/rating.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import { type MergedIn, readMergedIn } from "@/domain/tickets/merge/unmerge.ts";
import { readWatchers, type Watchers } from "@/domain/tickets/watchers/watchers.ts";

export interface RelatedToTicket {
  watchers: Watchers;
  links: TicketLink[];
  mergedIn: MergedIn[];
  /** Null when the actor may not see it. */
  rating: RatingState | null;
}

/** For a ticket whose access is checked. */
export async function readRelated(cx: UserCx, ticket: Ticket): Promise<RelatedToTicket> {
  const row = {
    id: ticket.id,
    requester_id: ticket.requester.id,
    status: ticket.status,
    resolved_at: ticket.resolvedAt,
    closed_at: ticket.closedAt,
    merged_at: ticket.mergedAt,
  };
  const sees = maySeeRating(cx, row);
  const [watchers, links, mergedIn, rating] = await Promise.all([
    readWatchers(cx, row),
    readLinks(cx, row.id),
    readMergedIn(cx, row.id),
    sees ? readRating(cx, row.id) : null,
  ]);
  return {
    watchers,
    links,
    mergedIn,
    rating: sees ? { rating, changeableUntil: changeableUntil(cx, row) } : null,
  };
}
