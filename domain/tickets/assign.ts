import { inOrder } from "@/domain/shared/in_order.ts";
import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { assigneeOnEntry } from "@/domain/queues/next_assignee.ts";
import { record } from "@/domain/record.ts";
import { emptyAsNull, id, reference, version } from "@/domain/validation.ts";
import { assertFresh, assertUpdated, readTicket, requireTicket } from "./access/read_ticket.ts";
import { factsOf } from "./access/ticket_row.ts";
import { toTicket } from "./access/ticket_row.ts";
import { applySideEffects } from "./side_effects.ts";
import { requireAssignee } from "@/domain/accounts/active_people.ts";
import { requireActiveQueue } from "@/domain/queues/active_queue.ts";
import type { Ticket } from "./model/types.ts";
import type { Named } from "@/domain/shared/types.ts";

/** Null assigns nobody; a queue moves the ticket there. */
export const AssignTicket = z.object({
  assigneeId: emptyAsNull(id.nullable()),
  queueId: reference,
  version: version.optional(),
});

export type TicketAssignment = Omit<z.output<typeof AssignTicket>, "version"> & {
  id: string;
  version: number;
};

/**
 * Any active staff can be named: being assigned lets a confined agent see it. Moving it to a queue that one can't see is
 * how escalation works. In a new queue with nobody assigned, its rule picks the assignee.
 * @throws DomainError not_found, forbidden, stale_version, or invalid for a person or queue that can't be used
 */
export async function assignTicket(cx: UserCx, input: TicketAssignment): Promise<Ticket> {
  const row = await requireTicket(cx, input.id);
  assertRole(cx, STAFF);
  assertFresh(cx, row, input.version);
  const was = {
    assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name! },
    queue: row.queue_id === null ? null : { id: row.queue_id, name: row.queue_name! },
  };
  // What is set already may stay, even if it can't be chosen any more.
  const keeps = {
    assignee: input.assigneeId === row.assignee_id,
    queue: input.queueId === undefined || input.queueId === row.queue_id,
  };
  const [chosen, queue] = await Promise.all([
    keeps.assignee ? was.assignee : input.assigneeId ? namedAssignee(cx, row.id, input.assigneeId) : null,
    keeps.queue ? was.queue : input.queueId ? requireActiveQueue(cx, input.queueId) : null,
  ]);
  const given = chosen === null ? await assigneeOnEntry(cx, row, queue) : null;
  const assignee = given ? { id: given.id, name: given.name } : chosen;
  const handed = assignee?.id !== was.assignee?.id;
  const moved = queue?.id !== was.queue?.id;
  if (!handed && !moved) return toTicket(cx, row);
  const update = sql`update tickets set assignee_id = ${assignee?.id ?? null}, queue_id = ${
    queue?.id ?? null
  },
      version = version + 1, updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${row.id} and version = ${row.version}`;
  const before = factsOf(row);
  await inOrder(cx.db, [
    () => assertUpdated(cx, row.id, cx.db.run(update)),
    () =>
      record(cx, {
        action: "ticket.assigned",
        entity: "ticket",
        entityId: row.id,
        version: row.version + 1,
        changes: {
          ...(handed ? { assignee: { from: was.assignee, to: assignee } } : {}),
          ...(moved ? { queue: { from: was.queue, to: queue && { id: queue.id, name: queue.name } } } : {}),
        },
        audience: {
          requesterId: row.requester_id,
          assigneeId: assignee?.id ?? null,
          queueId: queue?.id ?? null,
        },
      }),
    () =>
      applySideEffects(cx, {
        what: "assigned",
        before,
        after: {
          ...before,
          assigneeId: assignee?.id ?? null,
          queueId: queue?.id ?? null,
          version: row.version + 1,
        },
        text: row.description,
      }),
  ]);
  return await readTicket(cx, row.id);
}

/** Without the address: requesters read the timeline too. Locks the ticket first, as {@link requireAssignee} asks. */
async function namedAssignee(cx: UserCx, ticketId: string, id: string): Promise<Named> {
  const [, { name }] = await inOrder(cx.db, [
    () =>
      cx.db.run(sql`select 1 from tickets where tenant_id = ${cx.tenant.id} and id = ${ticketId}
        for no key update`),
    () => requireAssignee(cx, id),
  ]);
  return { id, name };
}
