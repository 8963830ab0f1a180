import type { Context } from "fresh";
import type { ColumnData } from "@/components/BoardCard.tsx";
import type { State } from "@/define.ts";
import { STAFF } from "@/domain/permissions.ts";
import { DomainError } from "@/domain/errors.ts";
import { BoardOf, readBoard } from "@/domain/tickets/board.ts";
import type { QueueWithMembers } from "@/domain/queues/read.ts";
import { type Leads, readLeads } from "@/domain/queues/routing_sources.ts";
import { id } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";

/** What the page of a queue shows. */
export interface BoardData {
  queue: QueueWithMembers;
  of: "all" | "mine" | "unassigned";
  columns: ColumnData[];
  leads: Leads;
  /** Why a move was refused. */
  problem: string;
}

/** The queue in the address. What is no id names nothing. */
export function queueId(ctx: Context<State>): string {
  const parsed = id.safeParse(ctx.params.queue);
  if (!parsed.success) throw new DomainError("not_found");
  return parsed.data;
}

/** Where the board is, showing the tickets of whom the address says. */
export function boardPath(ctx: Context<State>): string {
  const { of } = BoardOf.parse({ of: ctx.url.searchParams.get("of") ?? "all" });
  return `/queues/${queueId(ctx)}${of === "all" ? "" : `?of=${of}`}`;
}

/** Loads the board in one transaction. */
export async function boardData(ctx: Context<State>, problem = ""): Promise<BoardData> {
  const { of } = BoardOf.parse({ of: ctx.url.searchParams.get("of") ?? "all" });
  const { queue, columns, leads } = await load(ctx, async (cx) => {
    const [board, leads] = await Promise.all([
      readBoard(cx, { queueId: queueId(ctx), of }),
      readLeads(cx, queueId(ctx)),
    ]);
    return { ...board, leads };
  }, STAFF);
  ctx.state.title = queue.name;
  const assignee = of === "mine" ? "&assigneeId=me" : of === "unassigned" ? "&assigneeId=none" : "";
  return {
    queue,
    of,
    leads,
    problem,
    columns: columns.map(({ status, tickets, count }) => ({
      status,
      count,
      href: `/tickets?queueId=${queue.id}&status=${status}${assignee}`,
      cards: tickets.map((ticket) => ({
        id: ticket.id,
        key: ticket.key,
        title: ticket.title,
        status: ticket.status,
        priority: ticket.priority,
        assignee: ticket.assignee && { id: ticket.assignee.id, name: ticket.assignee.name },
        requester: ticket.requester.name,
        version: ticket.version,
        allowed: [...ticket.allowedTransitions],
      })),
    })),
  };
}
