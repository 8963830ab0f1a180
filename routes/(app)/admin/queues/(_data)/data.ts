import type { Context } from "fresh";
import type { State } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { DomainError } from "@/domain/errors.ts";
import { readRoutingSources, type RoutingSources } from "@/domain/queues/routing_sources.ts";
import { getQueue, type QueueWithMembers } from "@/domain/queues/read.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import type { Named } from "@/domain/shared/types.ts";
import { id } from "@/domain/validation.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load } from "@/pages/load.ts";

export interface QueueData {
  queue: QueueWithMembers;
  /** Staff who aren't members. */
  others: Named[];
  leads: RoutingSources;
  form: FormState;
  member: FormState;
}

/** The queue in the address. What is no id names nothing. */
export function queueId(ctx: Context<State>): string {
  const parsed = id.safeParse(ctx.params.queue);
  if (!parsed.success) throw new DomainError("not_found");
  return parsed.data;
}

/** Loads the settings, with the refused form if any. */
export async function queueData(
  ctx: Context<State>,
  refused: Partial<Pick<QueueData, "form" | "member">> = {},
): Promise<QueueData> {
  const data = await load(ctx, async (cx) => {
    const queue = await getQueue(cx, queueId(ctx));
    const [{ staff }, leads] = await Promise.all([
      ticketChoices(cx, { staff: true }),
      readRoutingSources(cx, queue.id),
    ]);
    const team = new Set(queue.members.map((member) => member.id));
    return { queue, leads, others: staff.filter((person) => !team.has(person.id)) };
  }, MANAGERS);
  ctx.state.title = data.queue.name;
  return { ...data, form: EMPTY_FORM, member: EMPTY_FORM, ...refused };
}
