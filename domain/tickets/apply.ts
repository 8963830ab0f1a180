import { z } from "zod";
import type { UserCx } from "../cx.ts";
import { addComment } from "../comments/add.ts";
import { id, instant, optional } from "../validation.ts";
import { readTicket } from "./access.ts";
import { assignTicket } from "./assign.ts";
import { editTicket } from "./edit.ts";
import { body, tags } from "./fields.ts";
import { PRIORITIES } from "./priority.ts";
import { PENDING_REASONS, STATUSES } from "./states.ts";
import { transitionTicket } from "./transition.ts";
import type { Ticket } from "./types.ts";

/** A choice that can be left as it is (not there, or empty in a form), taken away (null, or "none"), or made. */
function choice<S extends z.ZodType>(schema: S) {
  return z.preprocess(
    (value) => value === "" ? undefined : value === "none" ? null : value,
    schema.nullable().optional(),
  );
}

/** What is done to a ticket in one step: fields, then words, then a move. What isn't there stays. */
export const TicketStep = z.object({
  priority: optional(z.enum(PRIORITIES)),
  categoryId: choice(id),
  queueId: choice(id),
  assigneeId: choice(z.union([z.literal("me"), id])),
  addTags: tags.optional(),
  removeTags: tags.optional(),
  comment: optional(body),
  visibility: optional(z.enum(["public", "internal"])),
  to: optional(z.enum(STATUSES)),
  note: optional(body),
  reason: optional(z.enum(PENDING_REASONS)),
  until: optional(instant),
});

export type Step = z.output<typeof TicketStep>;

/** Whether a step does anything. */
export function isEmptyStep(step: Step): boolean {
  const { addTags = [], removeTags = [] } = step;
  return addTags.length + removeTags.length === 0 && step.comment === undefined && step.to === undefined &&
    step.priority === undefined && step.categoryId === undefined && step.queueId === undefined &&
    step.assigneeId === undefined;
}

/**
 * Does a step to a ticket through the use cases that a person would use one by one, so that the table of states, service
 * levels, notifications and audit hold. All of it happens or, when the caller's transaction or savepoint is rolled back,
 * nothing.
 *
 * @param ticket as it is now
 * @returns the ticket after it
 * @throws DomainError what the use cases throw
 */
export async function applyStep(cx: UserCx, ticket: Ticket, step: Step): Promise<Ticket> {
  let now = await changeFields(cx, ticket, step);
  if (step.assigneeId !== undefined) {
    now = await assignTicket(cx, {
      id: now.id,
      version: now.version,
      assigneeId: step.assigneeId === "me" ? cx.actor.id : step.assigneeId,
      queueId: step.queueId,
    });
  }
  if (step.comment !== undefined) {
    await addComment(cx, {
      ticketId: now.id,
      body: step.comment,
      visibility: step.visibility ?? "public",
    });
    now = await readTicket(cx, now.id);
  }
  // What is there already is no move: of many tickets some may be.
  if (step.to === undefined || step.to === now.status) return now;
  const { to, note, reason, until } = step;
  return await transitionTicket(cx, { id: now.id, version: now.version, to, note, reason, until });
}

async function changeFields(cx: UserCx, ticket: Ticket, step: Step): Promise<Ticket> {
  const { addTags = [], removeTags = [], priority, categoryId } = step;
  const retagged = addTags.length + removeTags.length > 0;
  // With an assignee the queue changes in the same assignment.
  const queueId = step.assigneeId === undefined ? step.queueId : undefined;
  if (!retagged && priority === undefined && categoryId === undefined && queueId === undefined) return ticket;
  const kept = ticket.tags.filter((tag) => !removeTags.includes(tag));
  return await editTicket(cx, {
    id: ticket.id,
    version: ticket.version,
    priority,
    categoryId,
    queueId,
    ...(retagged ? { tags: [...new Set([...kept, ...addTags])].sort() } : {}),
  });
}
