import type { UserCx } from "@/domain/cx.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import { ListTickets } from "@/domain/tickets/model/filter.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import { listQueueWorkloads } from "@/domain/tickets/workload.ts";
import { parse } from "@/domain/validation.ts";
import { figureOf, listed } from "./lists.ts";
import type { Work } from "./model.ts";

const MINE = { assigneeId: "me", status: ACTIVE };
const UNASSIGNED = { assigneeId: "none", status: ACTIVE };
const NEEDS_REPLY = { assigneeId: "me", needsReply: "true" };

/** Of tickets that the actor may see. */
export async function readWork(cx: UserCx): Promise<Work> {
  const list = async (asked: Record<string, unknown>) =>
    (await listTickets(cx, parse(ListTickets, asked))).items;
  const [assigned, needsReply, breached, unassigned, dueNext, waiting, toTake, workloads] = await Promise.all(
    [
      figureOf(cx, MINE),
      figureOf(cx, NEEDS_REPLY),
      figureOf(cx, { ...MINE, sla: "breached" }),
      figureOf(cx, UNASSIGNED),
      list({ ...MINE, sort: "due", limit: 10 }),
      list({ ...NEEDS_REPLY, sort: "updated", limit: 5 }),
      list({ ...UNASSIGNED, sort: "-updated", limit: 5 }),
      listQueueWorkloads(cx),
    ],
  );
  const exactly = (count: number) => ({ count, capped: false });
  const queues = workloads.flatMap(({ id, name, mine, byStatus, unassigned }) => {
    if (id === null || !mine) return [];
    const active = ACTIVE.reduce((sum, status) => sum + byStatus[status], 0);
    return [{
      queue: { id, name },
      active: listed(exactly(active), { queueId: id, status: ACTIVE }),
      unassigned: listed(exactly(unassigned), { queueId: id, ...UNASSIGNED }),
    }];
  });
  return { assigned, needsReply, breached, unassigned, dueNext, waiting, toTake, queues };
}
