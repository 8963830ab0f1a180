import { inOrder } from "@/domain/shared/in_order.ts";
import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { line } from "@/domain/validation.ts";
import { findCatalog, type FoundItem } from "./catalog.ts";
import { findPeople, type FoundPerson } from "./people.ts";
import { readTerms } from "./terms.ts";
import { findTickets, type FoundTicket } from "./tickets.ts";

export const SEARCH_KINDS = ["tickets", "people", "catalog"] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];

/** What is searched for, in which kinds of things (all, unless `types` names some), and how many of each at most. */
export const Search = z.object({
  q: line(1, 200),
  types: z.preprocess(
    (value) =>
      value === undefined || value === ""
        ? undefined
        : (Array.isArray(value) ? value : [value]).flatMap((one) => String(one).split(",")).filter((one) =>
          one !== ""
        ),
    z.array(z.enum(SEARCH_KINDS)).max(20).optional(),
  ),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** What a search found, each kind best first. */
export interface Found {
  tickets: FoundTicket[];
  /** Whether there are more tickets than these. */
  moreTickets: boolean;
  /** For staff. */
  people: FoundPerson[];
  catalog: FoundItem[];
}

/**
 * Searches what the actor may see: tickets by key, title, text and requester; people, for staff; what can be
 * asked for. The last word counts as a beginning.
 */
export async function search(cx: UserCx, input: z.output<typeof Search>): Promise<Found> {
  const { q, limit, types = SEARCH_KINDS } = input;
  // Planning these statements anew for their values would take longer than to run them, and gives the same plans.
  const [, terms] = await inOrder(cx.db, [
    () => cx.db.run(sql`select set_config('plan_cache_mode', 'force_generic_plan', true)`),
    () => readTerms(cx, q),
  ]);
  const [tickets, people, catalog] = await Promise.all([
    types.includes("tickets") ? findTickets(cx, { q, terms, limit }) : { items: [], more: false },
    types.includes("people") && isStaff(cx.actor.role) ? findPeople(cx, terms, limit) : [],
    types.includes("catalog") ? findCatalog(cx, terms, limit) : [],
  ]);
  return { tickets: tickets.items, moreTickets: tickets.more, people, catalog };
}
