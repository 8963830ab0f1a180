import { sql } from "@/db/sql.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField, unknownId } from "@/domain/errors.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import type { LeftOut } from "./saved_report.ts";

export const MOST_RECIPIENTS = 50;

/**
 * Those who get a report are staff who may see it: its owner, or anyone once it is shared. Managers choose among them,
 * agents only themselves; whoever is there already may stay. @throws DomainError invalid, about `recipientIds`
 */
export async function checkRecipients(
  cx: UserCx,
  { before, after, ownerId, shared }: {
    before: readonly string[];
    after: readonly string[];
    ownerId: string;
    shared: boolean;
  },
): Promise<void> {
  const added = after.filter((id) => !before.includes(id));
  if (added.length > 0) {
    const known = await cx.db.rows<{ id: string }>(sql`select id from users
      where tenant_id = ${cx.tenant.id} and id = any(${added}::uuid[]) and deactivated_at is null
        and role <> 'REQUESTER'`);
    if (known.length < added.length) throw unknownId("recipientIds");
    if (!MANAGERS.includes(cx.actor.role) && added.some((id) => id !== cx.actor.id)) {
      throw new DomainError("forbidden", "Only managers can schedule a report for other people");
    }
  }
  if (!shared && after.some((id) => id !== ownerId)) {
    throw invalidField("recipientIds", "not_shared", "Share the report first: other people can't see it");
  }
}

/** @param ids the difference is written, so that whoever stays keeps their row */
export async function saveRecipients(cx: Cx, id: string, ids: readonly string[]): Promise<void> {
  await cx.db.run(sql`with gone as (
      delete from saved_report_recipients where tenant_id = ${cx.tenant.id} and saved_report_id = ${id}
        and user_id <> all(${ids}::uuid[])
    )
    insert into saved_report_recipients (tenant_id, saved_report_id, user_id)
    select ${cx.tenant.id}, ${id}, u from unnest(${ids}::uuid[]) u on conflict do nothing`);
}

/** Somebody who is to get a report now, as they are now. */
export interface Addressee {
  id: string;
  email: string;
  /** Why they don't get it. */
  leftOut: LeftOut | null;
}

/** Looked up at each sending: whoever was deactivated, demoted or lost sight of the report is left out. */
export async function findAddressees(
  cx: Cx,
  { ownerId, shared }: { ownerId: string; shared: boolean },
  ids: readonly string[],
): Promise<Addressee[]> {
  return await cx.db.rows<Addressee & Record<string, unknown>>(
    sql`select u.id, u.email, case when u.deactivated_at is not null then 'deactivated'
        when u.role = 'REQUESTER' then 'not_staff'
        when u.id <> ${ownerId} and not ${shared}::boolean then 'not_shared' end as "leftOut"
      from users u where u.tenant_id = ${cx.tenant.id} and u.id = any(${ids}::uuid[]) order by u.id`,
  );
}
