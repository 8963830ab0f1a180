import type { Context } from "fresh";
import type { State } from "@/define.ts";
import { STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { type BulkResult, MOST_AT_ONCE } from "@/domain/tickets/actions/bulk.ts";
import { type TicketChoices, ticketChoices } from "@/domain/tickets/choices.ts";
import { ListTickets } from "@/domain/tickets/model/filter.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import type { Ticket, TicketItem } from "@/domain/tickets/model/types.ts";
import { parse, parseId } from "@/domain/validation.ts";
import type { FormState } from "@/pages/forms.ts";
import { load } from "@/pages/load.ts";

/** What the page of a bulk change shows. */
export interface BulkData {
  tickets: (Ticket | TicketItem)[];
  /** What was asked for: nothing, tickets by id, or the whole list. */
  chosen: "none" | "some" | "list";
  /** Whether the list has more tickets than can be changed at once. */
  more: boolean;
  /** The list that the tickets were chosen from. */
  query: string;
  choices: TicketChoices;
  form: FormState;
  /** The result of a preview, or of a change. */
  result: BulkResult | null;
}

/** Where the tickets were chosen. */
export function listHref(query: string): string {
  return query === "" ? "/tickets" : `/tickets?${new URLSearchParams(query)}`;
}

/** Loads the tickets that were chosen, and the choices for their fields. Tickets that can't be seen are left out. */
export async function bulkData(
  ctx: Context<State>,
  chosen: { ids: string[]; query: string; all: boolean },
  rest: Pick<BulkData, "form" | "result">,
): Promise<BulkData> {
  ctx.state.title = "Change tickets";
  const loaded = await load(ctx, async (cx) => {
    const [choices, found] = await Promise.all([
      ticketChoices(cx, { staff: true }),
      chosen.all ? matching(cx, chosen.query) : byId(cx, chosen.ids),
    ]);
    return { choices, ...found };
  }, STAFF);
  const what = chosen.all ? "list" : chosen.ids.length > 0 ? "some" : "none";
  return { ...loaded, chosen: what, query: chosen.query, ...rest };
}

async function byId(cx: UserCx, ids: string[]): Promise<{ tickets: Ticket[]; more: boolean }> {
  const known = ids.map(parseId).filter((one) => one !== undefined);
  const found = await Promise.all(
    [...new Set(known)].slice(0, MOST_AT_ONCE).map((one) =>
      getTicket(cx, one).catch((error: unknown) => {
        if (error instanceof DomainError && error.code === "not_found") return null;
        throw error;
      })
    ),
  );
  return { tickets: found.filter((ticket) => ticket !== null), more: known.length > MOST_AT_ONCE };
}

async function matching(cx: UserCx, query: string): Promise<{ tickets: TicketItem[]; more: boolean }> {
  const search = new URLSearchParams(query);
  const input: Record<string, string[] | string> = { limit: "100" };
  // The list's address says everything that it filters by: what a view has beyond that was lifted.
  search.delete("view");
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    input[name] = ["q", "sort"].includes(name) ? values[0]! : values;
  }
  const tickets: TicketItem[] = [];
  let cursor: string | undefined;
  do {
    const found = await listTickets(cx, { ...parse(ListTickets, input), cursor }, { exactly: true });
    tickets.push(...found.items);
    cursor = found.nextCursor ?? undefined;
  } while (cursor && tickets.length < MOST_AT_ONCE);
  return { tickets: tickets.slice(0, MOST_AT_ONCE), more: cursor !== undefined };
}
