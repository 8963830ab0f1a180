import { z } from "zod";
import { type ListTickets, SORTS, TicketFilter } from "@/domain/tickets/model/filter.ts";

/** What a view keeps: a filter of tickets as the API takes it. */
export const ViewFilter = TicketFilter.omit({ updatedAfter: true });

export type Kept = z.output<typeof ViewFilter>;

/** The order that a view keeps. */
export const viewSort = z.enum(SORTS).default("-updated");

/** A kept filter without what is empty in it. */
export function compact(filter: Kept): Partial<Kept> {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined && value.length > 0);
  return Object.fromEntries(entries);
}

/** The address of a view's list, `?status=open&sort=-updated&view=…`, without the question mark. */
export function viewQuery(view: { id: string; filter: Partial<Kept>; sort: string }): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(view.filter)) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  query.set("sort", view.sort);
  query.set("view", view.id);
  return query.toString();
}

/** A list's input with a view's filter and order beneath: what the request says itself goes before. */
export function overView(
  input: z.output<typeof ListTickets>,
  view: { filter: Partial<Kept>; sort: string },
): z.output<typeof ListTickets> {
  const filter = ViewFilter.parse(view.filter);
  const said = Object.entries(input).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined
  );
  return { ...input, ...filter, sort: view.sort, ...Object.fromEntries(said) } as z.output<
    typeof ListTickets
  >;
}
