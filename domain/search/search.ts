import { inOrder } from "@/domain/shared/in_order.ts";
import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { line } from "@/domain/validation.ts";
import { findCatalog, type FoundItem } from "./catalog.ts";
import { findPeople, type FoundPerson } from "./people.ts";
import { parseQuery } from "./query.ts";
import { allTerms, readUnits } from "./terms.ts";
import { findTickets, type FoundTicket } from "./tickets.ts";

export const SEARCH_KINDS = ["tickets", "people", "catalog"] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];

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

export interface Found {
  tickets: FoundTicket[];
  moreTickets: boolean;
  people: FoundPerson[];
  catalog: FoundItem[];
}

/** Searches what the actor may see. The last word may be a beginning. Of tickets the best come first. */
export async function search(cx: UserCx, input: z.output<typeof Search>): Promise<Found> {
  const { q, limit, types = SEARCH_KINDS } = input;
  // Planning these statements for their values would take longer than running them.
  const query = parseQuery(q);
  const [, units] = await inOrder(cx.db, [
    () => cx.db.run(sql`select set_config('plan_cache_mode', 'force_generic_plan', true)`),
    () => readUnits(cx, query),
  ]);
  const terms = allTerms(units);
  const [tickets, people, catalog] = await Promise.all([
    types.includes("tickets") ? findTickets(cx, { query, units, limit }) : { items: [], more: false },
    types.includes("people") && isStaff(cx.actor.role) ? findPeople(cx, terms, limit) : [],
    types.includes("catalog") ? findCatalog(cx, terms, limit) : [],
  ]);
  return { tickets: tickets.items, moreTickets: tickets.more, people, catalog };
}
