import { z } from "zod";
import {
  type Filter,
  type ListTickets,
  type Sort,
  SORTS,
  TicketFilter,
} from "@/domain/tickets/model/filter.ts";
import { parse } from "@/domain/validation.ts";

/** As the API takes it. */
export const ViewFilter = TicketFilter.omit({ updatedAfter: true });

export type ViewFilter = z.output<typeof ViewFilter>;

export const viewSort = z.enum(SORTS).default("-updated");

export function withoutEmpty(filter: Partial<ViewFilter>): Partial<ViewFilter> {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined && value.length > 0);
  return Object.fromEntries(entries);
}

/** `status=open&sort=-updated&view=…` */
export function viewQuery(view: { id: string; filter: Partial<ViewFilter>; sort: string }): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(view.filter)) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  query.set("sort", view.sort);
  query.set("view", view.id);
  return query.toString();
}

/** A filter that the request has, even if empty, replaces the view's. */
export function applyView(
  { sort, view: _view, limit: _limit, cursor: _cursor, ...own }: z.output<typeof ListTickets>,
  view: { filter: Partial<ViewFilter>; sort: Sort } | null,
): { filter: Filter; sort: Sort } {
  return {
    filter: parse(TicketFilter, { ...view?.filter, ...own }),
    sort: sort ?? view?.sort ?? "-created",
  };
}
