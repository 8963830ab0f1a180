import type { Context } from "fresh";
import type { z } from "zod";
import type { Filter } from "@/components/FilterMenu.tsx";
import type { State } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { isStaff } from "@/domain/permissions.ts";
import type { Page } from "@/domain/shared/types.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { countTickets, type TicketCounts } from "@/domain/tickets/counts.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import { ListTickets } from "@/domain/tickets/model/filter.ts";
import type { TicketItem } from "@/domain/tickets/model/types.ts";
import { ExportTickets } from "@/domain/tickets/export/export.ts";
import { parse, parseId } from "@/domain/validation.ts";
import { viewQuery } from "@/domain/views/filter.ts";
import { getView, listViews, type View } from "@/domain/views/read.ts";
import { load } from "@/pages/load.ts";
import { readQuery } from "@/pages/query.ts";
import { listFilters } from "./filters.ts";
import { namesakesOf } from "./rows.ts";
import { DEFAULT_SEARCH } from "./views.ts";

/** What the list of tickets shows. */
export interface TicketListData {
  tickets: Page<TicketItem>;
  counts: TicketCounts;
  /** Views for the menu. */
  views: View[];
  /** The view that the list was opened by. */
  current: View | null;
  filters: Filter[];
  search: URLSearchParams;
  /** Why the address can't be read as filters; the list is empty then. */
  wrong: string[];
  now: string;
  namesakes: ReadonlySet<string>;
}

/**
 * Loads the list that the address asks for.
 *
 * @returns the query to go to instead, for an address that names a view and nothing else
 * @throws DomainError not_found when such a view can't be used
 */
export async function ticketList(ctx: Context<State>): Promise<TicketListData | string> {
  const search = new URLSearchParams(ctx.url.search || DEFAULT_SEARCH);
  return await load(ctx, async (cx) => {
    const viewOnly = [...search.keys()].every((name) => name === "view");
    const current = search.has("view") ? await namedView(cx, search.get("view")!) : null;
    if (viewOnly && search.has("view")) {
      if (!current) throw new DomainError("not_found", "This view was deleted or isn't shared with you");
      return viewQuery(current);
    }
    const staff = isStaff(cx.actor.role);
    ctx.state.title = staff ? "Tickets" : "My requests";
    const { input, wrong } = readFilters(search);
    const [tickets, counts, choices, { items: views }] = await Promise.all([
      input ? listTickets(cx, input) : { items: [], nextCursor: null },
      countTickets(cx),
      ticketChoices(cx, { staff }),
      listViews(cx, { limit: 100 }),
    ]);
    const filters = listFilters(search, choices, staff);
    return {
      tickets,
      counts,
      views,
      current,
      filters,
      search,
      wrong: wrong.map(([path, text]) => `${path}: ${text}`),
      now: cx.now,
      namesakes: await namesakesOf(cx, tickets.items),
    };
  });
}

/** A view by the id in an address; null when it can't be used. */
async function namedView(cx: UserCx, text: string): Promise<View | null> {
  const id = parseId(text);
  if (id === undefined) return null;
  return await getView(cx, id).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") return null;
    throw error;
  });
}

const FILTERS = [
  "status",
  "priority",
  "assigneeId",
  "queueId",
  "categoryId",
  "type",
  "tag",
  "requesterId",
  "needsReply",
  "sla",
];

function readFilters(search: URLSearchParams) {
  const cursor = search.get("cursor") ?? "";
  return readQuery(ListTickets, { ...filtersIn(search), cursor, limit: "50" });
}

/** What the same list is as a file. @throws DomainError invalid */
export function readExport(search: URLSearchParams): z.output<typeof ExportTickets> {
  return parse(ExportTickets, {
    ...filtersIn(search),
    format: search.get("format") ?? undefined,
    columns: search.getAll("columns"),
    timeZone: search.get("timeZone") ?? undefined,
  });
}

function filtersIn(search: URLSearchParams) {
  return {
    ...Object.fromEntries(FILTERS.map((name) => [name, search.getAll(name)])),
    q: search.get("q") ?? "",
    sort: search.get("sort") ?? "-updated",
  };
}
