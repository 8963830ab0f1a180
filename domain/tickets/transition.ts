import { z } from "zod";
import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { fieldChanges } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import { inOrder } from "@/domain/shared/in_order.ts";
import { instant, optional, version } from "@/domain/validation.ts";
import { assertFresh, assertUpdated, readTicket, requireTicket } from "./access/read_ticket.ts";
import { factsOf } from "./access/ticket_row.ts";
import { type TicketRow, toTransitionActor } from "./access/ticket_row.ts";
import { applySideEffects } from "./side_effects.ts";
import { body } from "@/domain/shared/fields.ts";
import {
  allowedTransitions,
  isEnded,
  isReopening,
  PENDING_REASONS,
  type PendingReason,
  type Status,
  STATUSES,
  transitionRefusal,
} from "./model/states.ts";
import type { Ticket } from "./model/types.ts";
import { assertNoOpenBlockers } from "./links/blockers.ts";

/** `note` to resolve, `reason` for pending; `until` wakes a pending ticket, and is needed when it is scheduled. */
export const TransitionTicket = z.object({
  to: z.enum(STATUSES),
  version: version.optional(),
  note: optional(body),
  reason: optional(z.enum(PENDING_REASONS)),
  until: optional(instant),
});

export type TicketTransition = Omit<z.output<typeof TransitionTicket>, "version"> & {
  id: string;
  version: number;
};

/**
 * By the table of states.ts. Staff may also change what a pending ticket waits for. @throws DomainError not_found;
 * stale_version; illegal_transition with the allowed states, or with active children and blockers; forbidden for this
 * person or when it is too late; conflict for a merged ticket; invalid when note, reason or time is missing
 */
export async function transitionTicket(cx: Cx, input: TicketTransition): Promise<Ticket> {
  const row = await requireTicket(cx, input.id);
  assertFresh(cx, row, input.version);
  if (waitsOtherwise(cx, row, input)) return await changePending(cx, row, input);
  assertMayTransition(cx, row, input.to);
  const pending = pendingOf(cx, input);
  const note = input.to === "resolved" ? resolutionNote(input) : null;
  if (input.to === "resolved" || input.to === "closed") await assertNoOpenBlockers(cx, row.id);
  const before = factsOf(row);
  await inOrder(cx.db, [
    () => assertUpdated(cx, row.id, updateStatus(cx, row, { to: input.to, note, ...pending })),
    () => recordTransition(cx, row, { to: input.to, note: input.note, ...pending }),
    () =>
      applySideEffects(cx, {
        what: "transitioned",
        before,
        after: { ...before, status: input.to, version: row.version + 1 },
        text: input.note ?? "",
      }),
  ]);
  return await readTicket(cx, row.id);
}

function waitsOtherwise(cx: Cx, row: TicketRow, { to, reason, until }: TicketTransition): boolean {
  if (row.status !== "pending" || to !== "pending" || reason === undefined) return false;
  return toTransitionActor(cx, row, row.participates).staff &&
    (reason !== row.pending_reason || (until ?? null) !== row.pending_until);
}

/** No transition: the clocks stay paused. */
async function changePending(cx: Cx, row: TicketRow, input: TicketTransition): Promise<Ticket> {
  const { reason, until } = pendingOf(cx, input);
  const before = factsOf(row);
  await inOrder(cx.db, [
    () =>
      assertUpdated(
        cx,
        row.id,
        cx.db.run(sql`update tickets set pending_reason = ${reason}, pending_until = ${until},
            version = version + 1, updated_at = now()
          where tenant_id = ${cx.tenant.id} and id = ${row.id} and version = ${row.version}`),
      ),
    () =>
      record(cx, {
        action: "ticket.edited",
        entity: "ticket",
        entityId: row.id,
        version: row.version + 1,
        changes: {
          ...fieldChanges(
            { pendingReason: row.pending_reason, pendingUntil: row.pending_until },
            { pendingReason: reason, pendingUntil: until },
          ),
          ...(input.note ? { note: input.note } : {}),
        },
        audience: { requesterId: row.requester_id, assigneeId: row.assignee_id, queueId: row.queue_id },
      }),
    () =>
      applySideEffects(cx, {
        what: "edited",
        before,
        after: { ...before, version: row.version + 1 },
        text: input.note ?? "",
      }),
  ]);
  return await readTicket(cx, row.id);
}

export interface StatusUpdate {
  to: Status;
  reason: PendingReason | null;
  until: string | null;
  note: string | null;
}

/** Returns 0 when somebody else was first. Reopening clears the end and its note, which stay in the timeline. */
export function updateStatus(
  cx: Cx,
  row: TicketRow,
  { to, reason, until, note }: StatusUpdate,
): Promise<number> {
  const reopening = isReopening(row.status, to);
  return cx.db.run(
    sql`update tickets set status = ${to}, pending_reason = ${reason}, pending_until = ${until},
      resolution_note = case when ${reopening} then null else coalesce(${note}, resolution_note) end,
      resolved_at = case when ${
      to === "resolved"
    } then now() when ${reopening} then null else resolved_at end,
      closed_at = case when ${isEnded(to)} then now() else null end,
      version = version + 1, updated_at = now()
    where tenant_id = ${cx.tenant.id} and id = ${row.id} and version = ${row.version}`,
  );
}

async function recordTransition(
  cx: Cx,
  row: TicketRow,
  { to, reason, until, note }: Omit<StatusUpdate, "note"> & { note: string | undefined },
): Promise<void> {
  await record(cx, {
    action: "ticket.transitioned",
    entity: "ticket",
    entityId: row.id,
    version: row.version + 1,
    changes: {
      status: { from: row.status, to },
      ...(reason ? { reason } : {}),
      ...(until ? { until } : {}),
      ...(note ? { note } : {}),
    },
    audience: { requesterId: row.requester_id, assigneeId: row.assignee_id, queueId: row.queue_id },
  });
}

function assertMayTransition(cx: Cx, row: TicketRow, to: Status): void {
  const mover = toTransitionActor(cx, row, row.participates);
  const refused = transitionRefusal(row.status, to, mover);
  if (refused === "illegal") {
    const allowed = allowedTransitions(row.status, mover);
    const detail = `The status can change from ${row.status} to: ${allowed.join(", ") || "no other"}`;
    throw new DomainError("illegal_transition", detail, { allowed });
  }
  if (refused === "role") throw new DomainError("forbidden", "Only the help desk can set that status");
  if (refused === "window") throw new DomainError("forbidden", reopenWindowText(cx, row));
}

export function reopenWindowText(cx: Cx, row: TicketRow): string {
  return `A ticket can be reopened within ${cx.tenant.reopenDays} days after it is ${row.status}. Create a new ticket instead`;
}

function resolutionNote({ note }: TicketTransition): string {
  if (note === undefined) throw invalidField("note", "required", "Enter how it was resolved");
  return note;
}

function pendingOf(cx: Cx, { to, reason, until }: TicketTransition): Pick<StatusUpdate, "reason" | "until"> {
  if (to !== "pending") {
    if (until !== undefined) {
      throw invalidField("until", "not_pending", "Only a pending ticket waits until a time");
    }
    return { reason: null, until: null };
  }
  if (reason === undefined) throw invalidField("reason", "required", "Choose what it is waiting for");
  if (reason === "scheduled" && until === undefined) {
    throw invalidField("until", "required", "Enter the date and time to wait until");
  }
  if (until !== undefined && Date.parse(until) <= Date.parse(cx.now)) {
    throw invalidField("until", "not_future", "Must be in the future");
  }
  return { reason, until: until ?? null };
}
