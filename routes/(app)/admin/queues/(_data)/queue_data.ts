import type { Context } from "fresh";
import type { State } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { getQueue, type QueueWithMembers } from "@/domain/queues/read.ts";
import { readRoutingSources, type RoutingSources } from "@/domain/queues/routing_sources.ts";
import { handoversOfQueue } from "@/domain/handover/handovers.ts";
import type { Count, Named } from "@/domain/shared/types.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { idParam } from "@/pages/id_param.ts";

/** What the page of a queue's settings shows beside its forms. */
export interface QueueData {
  queue: QueueWithMembers;
  /** Staff who aren't members. */
  others: Named[];
  leads: RoutingSources;
  /** People who left it and still have tickets of it. */
  leaving: (Named & { tickets: Count })[];
}

export async function queueData(cx: UserCx, ctx: Context<State>): Promise<QueueData> {
  const queue = await getQueue(cx, idParam(ctx, "queue"));
  const [{ staff }, leads, leaving] = await Promise.all([
    ticketChoices(cx, { staff: true }),
    readRoutingSources(cx, queue.id),
    handoversOfQueue(cx, queue.id),
  ]);
  const team = new Set(queue.members.map(({ id }) => id));
  return { queue, leads, leaving, others: staff.filter(({ id }) => !team.has(id)) };
}
