import { z } from "zod";
import { sql } from "../../db/sql.ts";
import { assertRole, STAFF } from "../access.ts";
import { AddComment, addComment } from "../comments/add.ts";
import type { UserCx } from "../cx.ts";
import { DomainError, unknownId } from "../errors.ts";
import { fillPlaceholders, type PlaceholderFacts } from "../placeholders.ts";
import { accessTicket, assertFresh, readTicket } from "../tickets/access.ts";
import { assignTicket } from "../tickets/assign.ts";
import { toTicket } from "../tickets/columns.ts";
import { editTicket } from "../tickets/edit.ts";
import { transitionTicket } from "../tickets/transition.ts";
import type { Ticket } from "../tickets/types.ts";
import { id, parse, version } from "../validation.ts";
import type { MacroActions } from "./actions.ts";
import { getMacro, type Macro } from "./read.ts";

/** Which macro to apply to a ticket, and the version of the ticket that this is based on. */
export const ApplyMacro = z.object({ macroId: id, version: version.optional() });

const MOST_TAGS = 10;

/**
 * Applies a macro to a ticket: each of its steps by the use case that people use for it, in one transaction. What the
 * ticket is already isn't done again. The hand-over comes last, because who hands a ticket to a queue may not see it
 * any more.
 *
 * @param input `id` is an id or key; `version` the one that this is based on
 * @returns the ticket after it, and the macro
 * @throws DomainError not_found, forbidden, stale_version; invalid for a macro that can't be used; and what a step
 *   throws, with the step in its text: nothing was changed then
 */
export async function applyMacro(
  cx: UserCx,
  input: { id: string; macroId: string; version: number },
): Promise<{ ticket: Ticket; macro: Macro }> {
  const row = await accessTicket(cx, input.id);
  assertRole(cx, STAFF);
  assertFresh(cx, row, input.version);
  const macro = await usableMacro(cx, input.macroId);
  const ticket = toTicket(cx, row);
  const { actions } = macro;
  const fill = (text: string) => fillPlaceholders(text, placeholderFacts(cx, ticket));
  let now = await step("Fields", () => changeFields(cx, ticket, actions));
  if (actions.reply) {
    const comment = parse(AddComment, { body: fill(actions.reply), visibility: actions.replyVisibility });
    await step("Reply", () => addComment(cx, { ...comment, ticketId: ticket.id }));
    // A reply of the requester's own may have moved it.
    now = await readTicket(cx, ticket.id);
  }
  now = await step("Status", () => move(cx, now, { ...actions, note: actions.note && fill(actions.note) }));
  now = await step("Assignment", () => handOver(cx, now, actions));
  return { ticket: now, macro };
}

/** What the placeholders of a text stand for in a ticket. */
export function placeholderFacts(
  cx: UserCx,
  ticket: Pick<Ticket, "key" | "title"> & { requester: { name: string } },
): PlaceholderFacts {
  return {
    requester: ticket.requester.name,
    key: ticket.key,
    title: ticket.title,
    agent: cx.actor.name,
  };
}

/** A macro that is offered. @throws DomainError invalid when there is none of that id, or it is archived */
export async function usableMacro(cx: UserCx, macroId: string): Promise<Macro> {
  const there = await cx.db.first(sql`select 1 from macros
    where tenant_id = ${cx.tenant.id} and id = ${macroId} and archived_at is null`);
  if (!there) throw unknownId("macroId");
  return await getMacro(cx, macroId);
}

async function changeFields(cx: UserCx, ticket: Ticket, actions: MacroActions): Promise<Ticket> {
  const { priority, categoryId, addTags, removeTags } = actions;
  const tags = [...new Set([...ticket.tags.filter((tag) => !removeTags.includes(tag)), ...addTags])].sort();
  if (tags.length > MOST_TAGS) throw new DomainError("invalid", `A ticket has at most ${MOST_TAGS} tags`);
  if (priority === undefined && categoryId === undefined && tags.join() === ticket.tags.join()) return ticket;
  return await editTicket(cx, { id: ticket.id, version: ticket.version, priority, categoryId, tags });
}

async function move(cx: UserCx, ticket: Ticket, actions: MacroActions): Promise<Ticket> {
  const { status, reason, waitDays, note } = actions;
  if (status === undefined || status === ticket.status) return ticket;
  const until = reason === "scheduled" && waitDays !== undefined
    ? new Date(Date.parse(cx.now) + waitDays * 86_400_000).toISOString()
    : undefined;
  return await transitionTicket(cx, {
    id: ticket.id,
    version: ticket.version,
    to: status,
    reason,
    until,
    note: note,
  });
}

async function handOver(cx: UserCx, ticket: Ticket, { assigneeId, queueId }: MacroActions): Promise<Ticket> {
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

/** Runs a step; what it refuses is told with its name. */
async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === "stale_version" || error.status >= 500) throw error;
    const [first] = error.facts.errors ?? [];
    const message = `The macro stops at its step "${name}", and nothing was changed: ${
      first?.message ?? error.message
    }`;
    throw new DomainError(error.code, message, {
      ...error.facts,
      errors: [{ path: "macroId", code: first?.code ?? error.code, message }],
      cause: error,
    });
  }
}
