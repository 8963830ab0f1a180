import { sql } from "@/db/sql.ts";
import { cachedConfig } from "@/domain/config_cache.ts";
import type { UserCx } from "@/domain/cx.ts";
import { unknownId } from "@/domain/errors.ts";
import type { AssignmentRule, Destination } from "@/domain/queues/next_assignee.ts";
import type { Named, Person } from "@/domain/shared/types.ts";

/** A category, with the queue its tickets are routed to where that queue is in use. */
export interface RoutedCategory extends Named {
  queue: Destination | null;
}

/** @throws DomainError invalid when there is no such queue, or it is archived */
export async function useQueue(cx: UserCx, id: string): Promise<Destination> {
  const queue = await findQueue(cx, id);
  if (!queue) throw unknownId("queueId");
  return queue;
}

/** A queue that is in use, or null. */
export async function findQueue(cx: UserCx, id: string): Promise<Destination | null> {
  return await cachedConfig(cx, `queue:${id}`, async () => {
    const queue = await cx.db.first<Destination>(
      sql`select id, name, assignment_rule as rule from queues
        where tenant_id = ${cx.tenant.id} and id = ${id} and archived_at is null`,
    );
    return queue ?? null;
  });
}

/** @throws DomainError invalid when there is no such category, or it is archived */
export async function useCategory(cx: UserCx, id: string): Promise<RoutedCategory> {
  const category = await cachedConfig(cx, `category:${id}`, () => findCategory(cx, id));
  if (!category) throw unknownId("categoryId");
  return category;
}

async function findCategory(cx: UserCx, id: string): Promise<RoutedCategory | null> {
  const row = await cx.db.first<
    Named & { queue_id: string | null; queue_name: string | null; rule: AssignmentRule | null }
  >(
    sql`select c.id, c.name, q.id as queue_id, q.name as queue_name, q.assignment_rule as rule
      from categories c left join queues q
        on q.tenant_id = c.tenant_id and q.id = c.queue_id and q.archived_at is null
      where c.tenant_id = ${cx.tenant.id} and c.id = ${id} and c.archived_at is null`,
  );
  if (!row) return null;
  const queue = row.queue_id === null ? null : { id: row.queue_id, name: row.queue_name!, rule: row.rule! };
  return { id: row.id, name: row.name, queue };
}

/** Somebody a ticket can be raised for. @throws DomainError invalid when there is no such person, or they are deactivated */
export async function useRequester(cx: UserCx, id: string): Promise<Required<Person>> {
  const person = await cx.db.first<Required<Person>>(sql`select id, name, email from users
    where tenant_id = ${cx.tenant.id} and id = ${id} and deactivated_at is null`);
  if (!person) throw unknownId("requesterId");
  return person;
}

/** Somebody a ticket can be given to. @throws DomainError invalid unless they are active and staff */
export async function useAssignee(cx: UserCx, id: string): Promise<Required<Person>> {
  const person = await cx.db.first<Required<Person>>(sql`select id, name, email from users
    where tenant_id = ${cx.tenant.id} and id = ${id} and deactivated_at is null and role <> 'REQUESTER'`);
  if (!person) throw unknownId("assigneeId");
  return person;
}
