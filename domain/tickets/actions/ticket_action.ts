import { z } from "zod";
import { requireAssignee } from "@/domain/accounts/active_people.ts";
import { requireActiveCategory } from "@/domain/categories/active_category.ts";
import { AddComment, addComment } from "@/domain/comments/add.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { requireActiveQueue } from "@/domain/queues/active_queue.ts";
import { body, MOST_TAGS, tags, Visibility } from "@/domain/shared/fields.ts";
import { readTicket } from "@/domain/tickets/access/read_ticket.ts";
import { assignTicket } from "@/domain/tickets/assign.ts";
import { editTicket } from "@/domain/tickets/edit.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { PENDING_REASONS, STATUSES } from "@/domain/tickets/model/states.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import { transitionTicket } from "@/domain/tickets/transition.ts";
import { id, instant, optional, parse } from "@/domain/validation.ts";

/** A choice: not there, or empty in a form, keeps what there is; null, or "none" in a form, removes it. */
export function choice<S extends z.ZodType>(schema: S) {
  return z.preprocess(
    (value) => value === "" ? undefined : value === "none" ? null : value,
    schema.nullable().optional(),
  );
}

/** Fields that aren't there stay as they are. */
export const TicketAction = z.object({
  priority: optional(z.enum(PRIORITIES)),
  categoryId: choice(id),
  queueId: choice(id),
  /** `me` is whoever runs it. */
  assigneeId: choice(z.union([z.literal("me"), id])),
  addTags: tags.optional(),
  removeTags: tags.optional(),
  comment: optional(body),
  visibility: optional(Visibility),
  to: optional(z.enum(STATUSES)),
  note: optional(body),
  reason: optional(z.enum(PENDING_REASONS)),
  until: optional(instant),
});

export type TicketAction = z.output<typeof TicketAction>;

export function isEmptyAction(action: TicketAction): boolean {
  const { addTags = [], removeTags = [] } = action;
  return addTags.length + removeTags.length === 0 && action.comment === undefined &&
    action.to === undefined && action.priority === undefined && action.categoryId === undefined &&
    action.queueId === undefined && action.assigneeId === undefined;
}

type References = Pick<TicketAction, "categoryId" | "queueId" | "assigneeId">;

/** What `was` names already may stay. @throws DomainError invalid, with paths below `path` */
export async function assertUsable(
  cx: UserCx,
  { categoryId, queueId, assigneeId }: References,
  { path, was }: { path: string; was?: References },
): Promise<void> {
  try {
    await Promise.all([
      categoryId && categoryId !== was?.categoryId ? requireActiveCategory(cx, categoryId) : null,
      queueId && queueId !== was?.queueId ? requireActiveQueue(cx, queueId) : null,
      assigneeId && assigneeId !== "me" && assigneeId !== was?.assigneeId
        ? requireAssignee(cx, assigneeId)
        : null,
    ]);
  } catch (error) {
    if (!(error instanceof DomainError) || !error.facts.errors) throw error;
    const errors = error.facts.errors.map((one) => ({ ...one, path: `${path}.${one.path}` }));
    throw new DomainError(error.code, error.message, { errors });
  }
}

export type RunPart = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/**
 * By the use cases that a person would use. The assignment comes last: it may take the ticket out of the actor's sight.
 * @throws DomainError what those throw; the caller's transaction or savepoint undoes the rest
 */
export async function applyTicketAction(
  cx: UserCx,
  ticket: Ticket,
  action: TicketAction,
  run: RunPart = (_, work) => work(),
): Promise<Ticket> {
  let now = await run("Fields", () => changeFields(cx, ticket, action));
  const { comment: body } = action;
  if (body !== undefined) {
    const comment = parse(AddComment, { body, visibility: action.visibility ?? "public" });
    await run("Reply", () => addComment(cx, { ...comment, ticketId: now.id }));
    // A requester's own reply may have moved it.
    now = await readTicket(cx, now.id);
  }
  now = await run("Status", () => changeStatus(cx, now, action));
  return await run("Assignment", () => assign(cx, now, action));
}

async function changeFields(cx: UserCx, ticket: Ticket, action: TicketAction): Promise<Ticket> {
  const { addTags = [], removeTags = [], priority, categoryId } = action;
  const kept = ticket.tags.filter((tag) => !removeTags.includes(tag));
  const tags = [...new Set([...kept, ...addTags])].sort();
  if (tags.length > MOST_TAGS) {
    throw invalidField("addTags", "too_big", `A ticket can have at most ${MOST_TAGS} tags`);
  }
  if (priority === undefined && categoryId === undefined && tags.join() === ticket.tags.join()) return ticket;
  return await editTicket(cx, { id: ticket.id, version: ticket.version, priority, categoryId, tags });
}

async function changeStatus(cx: UserCx, ticket: Ticket, action: TicketAction): Promise<Ticket> {
  const { to, note, reason, until } = action;
  if (to === undefined || to === ticket.status && !waitsOtherwise(ticket, action)) return ticket;
  return await transitionTicket(cx, { id: ticket.id, version: ticket.version, to, note, reason, until });
}

function waitsOtherwise(ticket: Ticket, { reason, until }: TicketAction): boolean {
  if (ticket.status !== "pending" || reason === undefined) return false;
  return reason !== ticket.pendingReason || (until ?? null) !== ticket.pendingUntil;
}

async function assign(cx: UserCx, ticket: Ticket, { assigneeId, queueId }: TicketAction): Promise<Ticket> {
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
