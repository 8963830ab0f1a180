import type { z } from "zod";
import { raw, sql } from "@/db/sql.ts";
import { ChangeUser, changeUser } from "@/domain/accounts/user_change.ts";
import { readUser, type UserView } from "@/domain/accounts/users.ts";
import type { UserCx } from "@/domain/cx.ts";
import { unknownId } from "@/domain/errors.ts";
import { assertRole, isStaff, MANAGERS } from "@/domain/permissions.ts";
import { addMember, removeMember } from "@/domain/queues/write.ts";
import { record } from "@/domain/record.ts";
import type { Named } from "@/domain/shared/types.ts";
import { reference } from "@/domain/validation.ts";
import { endWatches, handOverSome, holdForHandover } from "./hand_over_tickets.ts";
import { countLeft, type Handover, newHandover, replaceHandovers, scheduleHandover } from "./handovers.ts";
import { readResponsibilities } from "./responsibilities.ts";

/** `handTo` gets what somebody who leaves is responsible for; null or not there: their tickets go back to the queues. */
export const ChangePerson = ChangeUser.extend({ handTo: reference });

/** What was handed over at once, and whether a job hands over the rest. */
export interface HandoverResult {
  /** Tickets that somebody else has now, or a queue. */
  tickets: number;
  underWay: boolean;
  /** Queues without an active member from now on. */
  emptied: Named[];
}

/** What is more, in tickets and watches, is left to a job, so that nobody stays because of how much they have. */
const AT_ONCE = 20;
/** Of those who stay: they shouldn't see any longer what they only watched. */
const WATCHES_AT_ONCE = 100;

/**
 * As {@link changeUser}. Of who is deactivated, or made a requester, the active tickets, shared views and reports, and queues without
 * another member are handed over, and watches end. @throws DomainError as changeUser; invalid for `handTo`
 */
export async function changePerson(
  cx: UserCx,
  input: z.output<typeof ChangePerson> & { id: string; version: number },
): Promise<{ user: UserView; handover: HandoverResult | null }> {
  const { id, handTo = null, ...change } = input;
  const was = await readUser(cx, id);
  const hanging = await readResponsibilities(cx, id);
  if (change.active === false || change.role === "REQUESTER") await holdForHandover(cx, id, AT_ONCE);
  const user = await changeUser(cx, { ...change, id });
  if (handTo) await assertSuccessor(cx, { leaver: id, handTo });
  const leaves = was.active && !user.active || isStaff(was.role) && !isStaff(user.role);
  if (!leaves) return { user, handover: null };
  const emptied = hanging.queues.filter(({ onlyMember }) => onlyMember).map(({ id, name }) => ({ id, name }));
  if (handTo) { for (const queue of emptied) await addMember(cx, { queueId: queue.id, userId: handTo }); }
  const owners = { from: was, to: handTo ?? cx.actor.id };
  await handOverShared(cx, { table: "views", entity: "view", ...owners });
  await handOverShared(cx, { table: "saved_reports", entity: "saved_report", ...owners });
  const earlier = await replaceHandovers(cx, { userId: id, queueId: null });
  const handed = await handOver(cx, {
    userId: id,
    queueId: null,
    // Who is inactive, or a requester, has left before: what was decided then is still true.
    to: handTo ?? (was.active && isStaff(was.role) ? null : earlier.to),
    wasStaff: isStaff(was.role) || earlier.wasStaff,
  }, { stays: user.active });
  return { user, handover: { ...handed, emptied: handTo ? [] : emptied } };
}

/**
 * As {@link removeMember}. Their active tickets in it are handed over; where agents see their queues alone, so that they
 * lose sight of it, their watches in it end. @throws DomainError as removeMember; invalid for `handTo`
 */
export async function leaveQueue(
  cx: UserCx,
  { queueId, userId, handTo = null }: { queueId: string; userId: string; handTo?: string | null | undefined },
): Promise<Omit<HandoverResult, "emptied">> {
  assertRole(cx, MANAGERS);
  await holdForHandover(cx, userId, AT_ONCE);
  await removeMember(cx, { queueId, userId });
  if (handTo) await assertSuccessor(cx, { leaver: userId, handTo });
  await replaceHandovers(cx, { userId, queueId });
  return await handOver(cx, { userId, queueId, to: handTo, wasStaff: true }, { stays: true });
}

async function handOver(
  cx: UserCx,
  decided: Pick<Handover, "userId" | "queueId" | "to" | "wasStaff">,
  { stays }: { stays: boolean },
): Promise<Omit<HandoverResult, "emptied">> {
  const handover = await newHandover(cx, decided);
  if (stays) await endWatches(cx, handover, WATCHES_AT_ONCE);
  const few = await countLeft(cx, handover, AT_ONCE + 1) <= AT_ONCE;
  const { tickets, more } = few ? await handOverSome(cx, handover, AT_ONCE) : { tickets: 0, more: true };
  if (more) await scheduleHandover(cx, handover);
  return { tickets, underWay: more };
}

/** Locks them, so after tickets and queues. */
async function assertSuccessor(
  cx: UserCx,
  { leaver, handTo }: { leaver: string; handTo: string },
): Promise<void> {
  const person = handTo === leaver ? undefined : await cx.db.first(sql`select 1 from users
    where tenant_id = ${cx.tenant.id} and id = ${handTo} and deactivated_at is null and role <> 'REQUESTER'
    for share`);
  if (!person) throw unknownId("handTo");
}

/** What others use too. A name that the new owner has already gets the old owner's behind it. */
async function handOverShared(
  cx: UserCx,
  { table, entity, from, to }: {
    table: "views" | "saved_reports";
    entity: "view" | "saved_report";
    from: Named;
    to: string;
  },
): Promise<void> {
  if (from.id === to) return;
  const shared = raw(table);
  const suffix = ` (${from.name.slice(0, 30).toWellFormed()})`;
  const renamed = sql`left(v.name, ${80 - suffix.length}) || ${suffix}`;
  const moved = await cx.db.rows<Named & { version: number }>(
    sql`update ${shared} v set owner_id = ${to}, version = v.version + 1, updated_at = now(),
      name = case when exists (select from ${shared} o where o.tenant_id = v.tenant_id and o.owner_id = ${to}
        and o.name_key = v.name_key) then ${renamed} else v.name end
    where v.tenant_id = ${cx.tenant.id} and v.owner_id = ${from.id} and v.shared
      and not exists (select from ${shared} o where o.tenant_id = v.tenant_id and o.owner_id = ${to}
        and o.name_key = lower(${renamed}))
    returning v.id, v.name, v.version`,
  );
  await Promise.all(moved.map(({ id, name, version }) =>
    record(cx, {
      action: `${entity}.edited`,
      entity,
      entityId: id,
      version,
      internal: entity === "saved_report",
      changes: { name, owner: { from: from.id, to } },
    })
  ));
}
