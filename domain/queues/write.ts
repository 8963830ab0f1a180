import { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { archivedAt, editVersioned } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import { shortText, wellFormed } from "@/domain/shared/fields.ts";
import { formBoolean, line, optional, version } from "@/domain/validation.ts";
import { ASSIGNMENT_RULES } from "./next_assignee.ts";
import { getQueue, type QueueWithMembers } from "./read.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";

export const CreateQueue = z.object({
  name: line(1, 120).transform(wellFormed),
  description: shortText.default(""),
  assignmentRule: optional(z.enum(ASSIGNMENT_RULES)),
});

export const EditQueue = z.object({
  version: version.optional(),
  name: line(1, 120).transform(wellFormed).optional(),
  description: shortText.optional(),
  assignmentRule: optional(z.enum(ASSIGNMENT_RULES)),
  archived: formBoolean.optional(),
});

/** @throws DomainError forbidden, or conflict when the name is taken */
export async function createQueue(
  cx: UserCx,
  input: z.output<typeof CreateQueue>,
): Promise<QueueWithMembers> {
  assertRole(cx, MANAGERS);
  const id = await newId(cx);
  await orNameTaken(
    cx,
    () =>
      cx.db.run(sql`insert into queues (tenant_id, id, name, description, assignment_rule)
      values (${cx.tenant.id}, ${id}, ${input.name}, ${input.description}, ${
        input.assignmentRule ?? "manual"
      })`),
  );
  const [, queue] = await Promise.all([
    record(cx, {
      action: "queue.created",
      entity: "queue",
      entityId: id,
      version: 1,
      changes: { name: input.name },
    }),
    getQueue(cx, id),
  ]);
  return queue;
}

/** Archived, it only keeps its tickets. @throws DomainError forbidden; not_found; stale_version; conflict for a taken name,
 * or when the default queue is to be archived */
export async function editQueue(
  cx: UserCx,
  input: Omit<z.output<typeof EditQueue>, "version"> & { id: string; version: number },
): Promise<QueueWithMembers> {
  assertRole(cx, MANAGERS);
  return await editVersioned(cx, {
    action: "queue.edited",
    entity: "queue",
    read: () => getQueue(cx, input.id),
    version: input.version,
    fields: ({ name, description, assignmentRule, archived }) => ({
      name,
      description,
      assignmentRule,
      archived,
    }),
    input,
    check: ({ was, next }) => next.archived && !was.archived ? assertNotDefault(cx, input.id) : undefined,
    table: "queues",
    set: (next) =>
      sql`name = ${next.name}, description = ${next.description}, assignment_rule = ${next.assignmentRule},
        archived_at = ${archivedAt(next.archived)}`,
    save: (update) => orNameTaken(cx, update),
  });
}

async function assertNotDefault(cx: UserCx, id: string): Promise<void> {
  const tenant = await cx.db.first(
    sql`select 1 from tenants where id = ${cx.tenant.id} and default_queue_id = ${id}
    for no key update`,
  );
  if (!tenant) return;
  const message = "This is the default queue. Choose another one in the organisation's settings first";
  throw new DomainError("conflict", message, { errors: [{ path: "archived", code: "in_use", message }] });
}

/** Does nothing for a member. @throws DomainError forbidden, or not_found for an unknown queue or no active staff */
export async function addMember(cx: UserCx, { queueId, userId }: Membership): Promise<QueueWithMembers> {
  assertRole(cx, MANAGERS);
  const added = await cx.db.run(sql`insert into queue_members (tenant_id, queue_id, user_id)
    select q.tenant_id, q.id, u.id from queues q join users u on u.tenant_id = q.tenant_id
    where q.tenant_id = ${cx.tenant.id} and q.id = ${queueId} and u.id = ${userId}
      and u.deactivated_at is null and u.role <> 'REQUESTER'
    on conflict do nothing`);
  const queue = await getQueue(cx, queueId);
  const member = queue.members.find((person) => person.id === userId);
  if (!member) throw new DomainError("not_found");
  if (added > 0) await recordMember(cx, "queue.member_added", { queueId, member });
  return queue;
}

/** @throws DomainError forbidden, or not_found for anyone but a member */
export async function removeMember(cx: UserCx, { queueId, userId }: Membership): Promise<void> {
  assertRole(cx, MANAGERS);
  const queue = await getQueue(cx, queueId);
  const removed = await cx.db.run(sql`delete from queue_members
    where tenant_id = ${cx.tenant.id} and queue_id = ${queueId} and user_id = ${userId}`);
  const member = queue.members.find((person) => person.id === userId);
  if (removed === 0 || !member) throw new DomainError("not_found");
  await recordMember(cx, "queue.member_removed", { queueId, member });
}

export const ChangeMember = z.object({ accepts: formBoolean });

/** Members for themselves, managers for all. @throws DomainError forbidden, or not_found for anyone but a member */
export async function changeMember(
  cx: UserCx,
  { queueId, userId, accepts }: Membership & z.output<typeof ChangeMember>,
): Promise<QueueWithMembers> {
  const queue = await getQueue(cx, queueId);
  const member = queue.members.find((person) => person.id === userId);
  if (!member) throw new DomainError("not_found");
  if (userId !== cx.actor.id) assertRole(cx, MANAGERS);
  if (member.accepts === accepts) return queue;
  await Promise.all([
    cx.db.run(sql`update queue_members set accepts = ${accepts}
      where tenant_id = ${cx.tenant.id} and queue_id = ${queueId} and user_id = ${userId}`),
    record(cx, {
      action: "queue.member_changed",
      entity: "queue",
      entityId: queueId,
      changes: {
        member: { id: member.id, name: member.name },
        accepts: { from: member.accepts, to: accepts },
      },
    }),
  ]);
  return await getQueue(cx, queueId);
}

interface Membership {
  queueId: string;
  userId: string;
}

async function recordMember(
  cx: UserCx,
  action: string,
  { queueId, member }: { queueId: string; member: { id: string; name: string } },
): Promise<void> {
  await record(cx, {
    action,
    entity: "queue",
    entityId: queueId,
    changes: { member: { id: member.id, name: member.name } },
  });
}
