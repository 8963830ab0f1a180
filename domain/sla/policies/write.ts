import type { z } from "zod";
import { sql } from "@/db/sql.ts";
import { lockConfig } from "@/domain/config_cache.ts";
import { assertRole, MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, unknownId } from "@/domain/errors.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { archivedAt, editVersioned, type FieldChanges } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import type { PolicyTargets } from "@/domain/sla/clock/ledger.ts";
import { scheduleRollout } from "@/domain/sla/tracking/rollouts.ts";
import type { TicketType } from "@/domain/tickets/model/formatting.ts";
import { requireActiveCategory } from "@/domain/categories/active_category.ts";
import { requireActiveQueue } from "@/domain/queues/active_queue.ts";
import type { CreatePolicy, EditPolicy } from "./fields.ts";
import { getPolicy, type Policy } from "./read.ts";

interface PolicyTerms {
  name: string;
  calendarId: string;
  categoryId: string | null;
  queueId: string | null;
  type: TicketType | null;
  targets: PolicyTargets;
}

/**
 * @throws DomainError forbidden; invalid for a calendar, category or queue that can't be used; conflict when the name is
 * taken, or another policy is for the same tickets
 */
export async function createPolicy(cx: UserCx, input: z.output<typeof CreatePolicy>): Promise<Policy> {
  assertRole(cx, MANAGERS);
  const terms: PolicyTerms = {
    name: input.name,
    calendarId: input.calendarId,
    categoryId: input.categoryId ?? null,
    queueId: input.queueId ?? null,
    type: input.type ?? null,
    targets: input.targets,
  };
  await lockReferences(cx, terms);
  const id = await newId(cx);
  await unlessTaken(cx, () =>
    cx.db.run(
      sql`insert into sla_policies (tenant_id, id, name, calendar_id, category_id, queue_id, ticket_type)
      values (${cx.tenant.id}, ${id}, ${terms.name}, ${terms.calendarId}, ${terms.categoryId}, ${terms.queueId},
        ${terms.type})`,
    ));
  await addVersion(cx, { id, version: 1, terms });
  const [, policy] = await Promise.all([
    record(cx, {
      action: "sla_policy.created",
      entity: "sla_policy",
      entityId: id,
      version: 1,
      changes: { ...terms },
    }),
    getPolicy(cx, id),
  ]);
  return policy;
}

/**
 * By a new version of it; open tickets keep theirs unless `applyToOpen` is set. Which tickets the policy is for matters to
 * new and changed tickets only. @throws DomainError not_found; stale_version; and as {@link createPolicy}
 */
export async function editPolicy(
  cx: UserCx,
  input: Omit<z.output<typeof EditPolicy>, "version"> & { id: string; version: number },
): Promise<Policy> {
  assertRole(cx, MANAGERS);
  const { id, applyToOpen } = input;
  return await editVersioned(cx, {
    action: "sla_policy.edited",
    entity: "sla_policy",
    read: () => getPolicy(cx, id),
    version: input.version,
    fields: (policy) => ({ ...termsOf(policy), archived: policy.archived }),
    input,
    check: ({ was, next }) =>
      lockReferences(cx, next, { terms: termsOf(was), unarchived: was.archived && !next.archived }),
    table: "sla_policies",
    set: ({ archived, ...terms }) =>
      sql`name = ${terms.name}, calendar_id = ${terms.calendarId}, category_id = ${terms.categoryId},
        queue_id = ${terms.queueId}, ticket_type = ${terms.type}, archived_at = ${archivedAt(archived)}`,
    save: (update) => unlessTaken(cx, update),
    after: async ({ next, changes, version }) => {
      await addVersion(cx, { id, version, terms: next });
      if (applyToOpen && changesTargets(changes)) await scheduleRollout(cx, { policyId: id });
    },
    facts: ({ changes }) => changesTargets(changes) ? { applyToOpen } : {},
  });
}

function changesTargets(changes: FieldChanges): boolean {
  return "targets" in changes || "calendarId" in changes;
}

function termsOf(policy: Policy): PolicyTerms {
  return {
    name: policy.name,
    calendarId: policy.calendar.id,
    categoryId: policy.category?.id ?? null,
    queueId: policy.queue?.id ?? null,
    type: policy.type,
    targets: policy.targets,
  };
}

async function addVersion(
  cx: UserCx,
  { id, version, terms }: { id: string; version: number; terms: PolicyTerms },
): Promise<void> {
  await cx.db.run(
    sql`insert into sla_policy_versions (tenant_id, policy_id, version, name, category_id, queue_id,
      ticket_type, calendar_id, targets)
    values (${cx.tenant.id}, ${id}, ${version}, ${terms.name}, ${terms.categoryId}, ${terms.queueId}, ${terms.type},
      ${terms.calendarId}, ${JSON.stringify(terms.targets)})`,
  );
}

/** @throws DomainError invalid when there is no such calendar, or it is archived */
async function requireActiveCalendar(cx: UserCx, id: string): Promise<void> {
  // Locked against archiving at the same time.
  const found = await cx.db.run(sql`select 1 from calendars
    where tenant_id = ${cx.tenant.id} and id = ${id} and archived_at is null for share`);
  if (found === 0) throw unknownId("calendarId");
}

/** Always in the same order. A policy that is unarchived needs a usable calendar. @throws DomainError invalid */
async function lockReferences(
  cx: UserCx,
  { calendarId, categoryId, queueId }: PolicyTerms,
  before?: { terms: PolicyTerms; unarchived: boolean },
): Promise<void> {
  const { terms, unarchived = false } = before ?? {};
  await lockConfig(cx);
  if (calendarId !== terms?.calendarId || unarchived) await requireActiveCalendar(cx, calendarId);
  if (categoryId !== null && categoryId !== terms?.categoryId) await requireActiveCategory(cx, categoryId);
  if (queueId !== null && queueId !== terms?.queueId) await requireActiveQueue(cx, queueId);
}

/** @throws DomainError conflict when the name is taken, or another policy is for the same tickets */
async function unlessTaken<T>(cx: UserCx, statement: () => Promise<T>): Promise<T> {
  try {
    return await cx.db.savepoint(statement);
  } catch (error) {
    const { code, constraint } = error as { code?: unknown; constraint?: string };
    if (code !== "23505") throw error;
    const [path, message] = constraint === "sla_policies_by_tickets"
      ? ["categoryId", "Another policy is for the same category, queue and type"]
      : ["name", "This name is already in use"];
    throw new DomainError("conflict", message, { errors: [{ path, code: "taken", message }], cause: error });
  }
}
