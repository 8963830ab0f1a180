import type { Context } from "fresh";
import type { ColumnData } from "@/components/BoardCard.tsx";
import type { State } from "@/define.ts";
import { STAFF } from "@/domain/permissions.ts";
import { BoardOf, readBoard } from "@/domain/tickets/board.ts";
import type { QueueWithMembers } from "@/domain/queues/read.ts";
import { readRoutingSources, type RoutingSources } from "@/domain/queues/routing_sources.ts";
import { parse } from "@/domain/validation.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { idParam } from "@/pages/id_param.ts";
import { load } from "@/pages/load.ts";

/** What the page of a queue shows. */
export interface BoardData {
  queue: QueueWithMembers;
  of: "all" | "mine" | "unassigned";
  columns: ColumnData[];
  leads: RoutingSources;
  /** A move or another form of the page that was refused. */
  form: FormState;
}

/** The address of the board, with the assignees that this one asks for. */
export function boardPath(ctx: Context<State>): string {
  const of = boardOf(ctx);
  return `/queues/${idParam(ctx, "queue")}${of === "all" ? "" : `?of=${of}`}`;
}

function boardOf(ctx: Context<State>): BoardData["of"] {
  return parse(BoardOf, { of: ctx.url.searchParams.get("of") ?? "all" }).of;
}

/** Loads the board in one transaction; `form` is one that was refused. */
export async function boardData(ctx: Context<State>, form = EMPTY_FORM): Promise<BoardData> {
  const of = boardOf(ctx);
  const { queue, columns, leads } = await load(ctx, async (cx) => {
    const queueId = idParam(ctx, "queue");
    const [board, leads] = await Promise.all([
      readBoard(cx, { queueId, of }),
      readRoutingSources(cx, queueId),
    ]);
    return { ...board, leads };
  }, STAFF);
  ctx.state.title = queue.name;
  const assignee = of === "mine" ? "&assigneeId=me" : of === "unassigned" ? "&assigneeId=none" : "";
  return {
    queue,
    of,
    leads,
    form,
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
        needsReply: ticket.needsReply,
        version: ticket.version,
        allowed: [...ticket.allowedTransitions],
      })),
    })),
  };
}
