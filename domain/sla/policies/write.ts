import type { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError, unknownId } from "@/domain/errors.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { fieldChanges } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import type { PolicyTargets } from "@/domain/sla/clock/ledger.ts";
import { scheduleRollout } from "@/domain/sla/tracking/rollouts.ts";
import type { TicketType } from "@/domain/tickets/model/formatting.ts";
import { requireActiveCategory } from "@/domain/categories/active_category.ts";
import { requireActiveQueue } from "@/domain/queues/active_queue.ts";
import type { CreatePolicy, EditPolicy } from "./fields.ts";
import { getPolicy, type Policy } from "./read.ts";

/** What a version of a policy holds. */
interface PolicyTerms {
  name: string;
  calendarId: string;
  categoryId: string | null;
  queueId: string | null;
  type: TicketType | null;
  targets: PolicyTargets;
}

/**
 * Makes a policy.
 *
 * @throws DomainError forbidden; invalid for a calendar, category or queue that can't be used; conflict when the name is
 *   taken, or another policy is for the same tickets
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
  const [id] = await Promise.all([
    newId(cx),
    useCalendar(cx, terms.calendarId),
    assertUsable(cx, terms, null),
  ]);
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
 * Changes a policy, by a new version of it, or archives it: then no new ticket gets it. Tickets that are open keep the
 * version they have unless `applyToOpen` says so; which tickets it is for matters to new and changed ones alone.
 *
 * @throws DomainError forbidden, not_found, stale_version; invalid for a calendar, category or queue that can't be used;
 *   conflict when the name is taken, or another policy is for the same tickets
 */
export async function editPolicy(
  cx: UserCx,
  input: Omit<z.output<typeof EditPolicy>, "version"> & { id: string; version: number },
): Promise<Policy> {
  assertRole(cx, MANAGERS);
  const was = await getPolicy(cx, input.id);
  if (was.version !== input.version) throw new DomainError("stale_version", undefined, { current: was });
  const before = termsOf(was);
  const terms: PolicyTerms = {
    name: input.name ?? before.name,
    calendarId: input.calendarId ?? before.calendarId,
    categoryId: input.categoryId === undefined ? before.categoryId : input.categoryId,
    queueId: input.queueId === undefined ? before.queueId : input.queueId,
    type: input.type === undefined ? before.type : input.type,
    targets: input.targets ?? before.targets,
  };
  const archived = input.archived ?? was.archived;
  await Promise.all([
    // One that is to be used again needs a calendar that is.
    terms.calendarId !== before.calendarId || was.archived && !archived
      ? useCalendar(cx, terms.calendarId)
      : null,
    assertUsable(cx, terms, before),
  ]);
  const updated = await unlessTaken(
    cx,
    () =>
      cx.db.run(sql`update sla_policies set name = ${terms.name}, calendar_id = ${terms.calendarId},
        category_id = ${terms.categoryId}, queue_id = ${terms.queueId}, ticket_type = ${terms.type},
        archived_at = case when ${archived}::boolean then coalesce(archived_at, now()) end,
        version = version + 1, updated_at = now()
      where tenant_id = ${cx.tenant.id} and id = ${was.id} and version = ${was.version}`),
  );
  if (updated === 0) {
    throw new DomainError("stale_version", undefined, { current: await getPolicy(cx, was.id) });
  }
  const version = was.version + 1;
  await addVersion(cx, { id: was.id, version, terms });
  const changes = fieldChanges({ ...before, archived: was.archived }, { ...terms, archived });
  const recounts = "targets" in changes || "calendarId" in changes;
  const [, , policy] = await Promise.all([
    record(cx, {
      action: "sla_policy.edited",
      entity: "sla_policy",
      entityId: was.id,
      version,
      changes: {
        ...changes,
        ...(recounts ? { applyToOpen: input.applyToOpen } : {}),
      },
    }),
    recounts && input.applyToOpen ? scheduleRollout(cx, { policyId: was.id }) : null,
    getPolicy(cx, was.id),
  ]);
  return policy;
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
async function useCalendar(cx: UserCx, id: string): Promise<void> {
  // Locked, so that it isn't archived at the same time.
  const found = await cx.db.run(sql`select 1 from calendars
    where tenant_id = ${cx.tenant.id} and id = ${id} and archived_at is null for share`);
  if (found === 0) throw unknownId("calendarId");
}

/** @throws DomainError invalid for a category or queue that is newly chosen and can't be used */
async function assertUsable(
  cx: UserCx,
  { categoryId, queueId }: PolicyTerms,
  before: PolicyTerms | null,
): Promise<void> {
  await Promise.all([
    categoryId !== null && categoryId !== before?.categoryId ? requireActiveCategory(cx, categoryId) : null,
    queueId !== null && queueId !== before?.queueId ? requireActiveQueue(cx, queueId) : null,
  ]);
}

/** Runs a statement that gives a policy its name and its tickets. @throws DomainError conflict when one of them is taken */
async function unlessTaken<T>(cx: UserCx, statement: () => Promise<T>): Promise<T> {
  try {
    return await cx.db.savepoint(statement);
  } catch (error) {
    const { code, constraint } = error as { code?: unknown; constraint?: string };
    if (code !== "23505") throw error;
    const [path, message] = constraint === "sla_policies_by_tickets"
      ? ["categoryId", "Another policy is for the same category, queue and type"]
      : ["name", "Another one has this name"];
    throw new DomainError("conflict", message, { errors: [{ path, code: "taken", message }], cause: error });
  }
}
