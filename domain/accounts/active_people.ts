import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { unknownId } from "@/domain/errors.ts";
import type { Person } from "@/domain/shared/types.ts";

/** A person who can have tickets. @throws DomainError invalid when there is no such person, or they are deactivated */
export async function requireRequester(cx: UserCx, id: string): Promise<Required<Person>> {
  const person = await cx.db.first<Required<Person>>(sql`select id, name, email from users
    where tenant_id = ${cx.tenant.id} and id = ${id} and deactivated_at is null`);
  if (!person) throw unknownId("requesterId");
  return person;
}

/**
 * A person whom tickets can be assigned to, and who doesn't leave before the transaction ends: else nobody would hand over
 * the ticket. Lock order: tickets, queues, people. @throws DomainError invalid unless they are active and staff
 */
export async function requireAssignee(cx: UserCx, id: string): Promise<Required<Person>> {
  const person = await cx.db.first<Required<Person>>(sql`select id, name, email from users
    where tenant_id = ${cx.tenant.id} and id = ${id} and deactivated_at is null and role <> 'REQUESTER'
    for share`);
  if (!person) throw unknownId("assigneeId");
  return person;
}
