import { z } from "zod";
import { assertRole, STAFF, ticketVisibility } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { type ByStatus, countByQueue, countMatching, zeros } from "./counts.ts";
import { NO_FILTER } from "./model/filter.ts";
import { listTickets } from "./list.ts";
import type { Status } from "./model/states.ts";
import type { TicketItem } from "./model/types.ts";
import type { Count } from "@/domain/shared/types.ts";
import { getQueue, type QueueWithMembers } from "@/domain/queues/read.ts";

export const COLUMNS = ["new", "open", "in_progress", "pending", "resolved"] as const satisfies Status[];

const MOST_CARDS = 50;

export const BoardOf = z.object({ of: z.enum(["all", "mine", "unassigned"]).catch("all") });

export interface BoardColumn {
  status: Status;
  /** Last changed first. */
  tickets: TicketItem[];
  count: Count;
}

export interface Board {
  queue: QueueWithMembers;
  columns: BoardColumn[];
}

/** @throws DomainError forbidden, not_found */
export async function readBoard(
  cx: UserCx,
  input: z.output<typeof BoardOf> & { queueId: string },
): Promise<Board> {
  assertRole(cx, STAFF);
  const queue = await getQueue(cx, input.queueId);
  const assigneeId = input.of === "mine" ? ["me"] : input.of === "unassigned" ? ["none"] : [];
  // The kept counts are right where the actor sees the whole queue.
  const whole = input.of === "all" && ticketVisibility(cx.tenant, cx.actor).kind === "all"
    ? countOf(cx, queue.id)
    : null;
  const columns = await Promise.all(COLUMNS.map(async (status): Promise<BoardColumn> => {
    const filter = { queueId: [queue.id], status: [status], assigneeId };
    const [page, count] = await Promise.all([
      listTickets(cx, { limit: MOST_CARDS, sort: "-updated", ...filter }),
      whole?.then((counts): Count => ({ count: counts[status], capped: false })) ??
        countMatching(cx, { ...NO_FILTER, ...filter }),
    ]);
    return { status, tickets: page.items, count };
  }));
  return { queue, columns };
}

async function countOf(cx: UserCx, queueId: string): Promise<ByStatus> {
  const counts = (await countByQueue(cx)).find(({ queue }) => queue?.id === queueId);
  return counts?.byStatus ?? zeros();
}
