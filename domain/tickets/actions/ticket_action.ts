import { z } from "zod";
import { AddComment, addComment } from "@/domain/comments/add.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { id, instant, optional, parse } from "@/domain/validation.ts";
import { readTicket } from "@/domain/tickets/access/read_ticket.ts";
import { assignTicket } from "@/domain/tickets/assign.ts";
import { editTicket } from "@/domain/tickets/edit.ts";
import { body, tags } from "@/domain/shared/fields.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { PENDING_REASONS, STATUSES } from "@/domain/tickets/model/states.ts";
import { transitionTicket } from "@/domain/tickets/transition.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";

/** A choice that can be left as it is (not there, or empty in a form), taken away (null, or "none"), or made. */
export function choice<S extends z.ZodType>(schema: S) {
  return z.preprocess(
    (value) => value === "" ? undefined : value === "none" ? null : value,
    schema.nullable().optional(),
  );
}

/** What is done to a ticket in one step: fields, words, a move, a hand-over. What isn't there stays. */
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

/** Runs one part of a step, by its name: a caller can tell by it which part was refused. */
export type RunPart = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/**
 * Does a step to a ticket through the use cases that a person would use one by one, so that the table of states, service
 * levels, notifications and audit hold. What the ticket is already isn't done again. All of it happens or, when the
 * caller's transaction or savepoint is rolled back, nothing. The hand-over comes last: who hands a ticket to a queue may
 * not see it any more.
 *
 * @param ticket as it is now
 * @param run around each part; without it they just run
 * @returns the ticket after it
 * @throws DomainError what the use cases throw
 */
export async function applyStep(
  cx: UserCx,
  ticket: Ticket,
  step: Step,
  run: RunPart = (_, work) => work(),
): Promise<Ticket> {
  let now = await run("Fields", () => changeFields(cx, ticket, step));
  const { comment: body } = step;
  if (body !== undefined) {
    const comment = parse(AddComment, { body, visibility: step.visibility ?? "public" });
    await run("Reply", () => addComment(cx, { ...comment, ticketId: now.id }));
    // A reply of the requester's own may have moved it.
    now = await readTicket(cx, now.id);
  }
  now = await run("Status", () => move(cx, now, step));
  return await run("Assignment", () => handOver(cx, now, step));
}

const MOST_TAGS = 10;

async function changeFields(cx: UserCx, ticket: Ticket, step: Step): Promise<Ticket> {
  const { addTags = [], removeTags = [], priority, categoryId } = step;
  const kept = ticket.tags.filter((tag) => !removeTags.includes(tag));
  const tags = [...new Set([...kept, ...addTags])].sort();
  if (tags.length > MOST_TAGS) throw new DomainError("invalid", `A ticket has at most ${MOST_TAGS} tags`);
  if (priority === undefined && categoryId === undefined && tags.join() === ticket.tags.join()) return ticket;
  return await editTicket(cx, { id: ticket.id, version: ticket.version, priority, categoryId, tags });
}

async function move(cx: UserCx, ticket: Ticket, { to, note, reason, until }: Step): Promise<Ticket> {
  if (to === undefined || to === ticket.status) return ticket;
  return await transitionTicket(cx, { id: ticket.id, version: ticket.version, to, note, reason, until });
}

async function handOver(cx: UserCx, ticket: Ticket, { assigneeId, queueId }: Step): Promise<Ticket> {
  if (assigneeId === undefined && queueId === undefined) return ticket;
  return await assignTicket(cx, {
    id: ticket.id,
    version: ticket.version,
    assigneeId: assigneeId === undefined
      ? ticket.assignee?.id ?? null
      : assigneeId === "me"
      ? cx.actor.id
      : assigneeId,
    queueId,
  });
}
