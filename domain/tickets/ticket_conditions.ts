import { empty, join, type Sql, sql } from "@/db/sql.ts";
import { END, START } from "@/domain/shared/cursor.ts";
import { type Filter, SLA_STATES } from "./model/filter.ts";
import { ACTIVE, type Status, STATUSES } from "./model/states.ts";

export const TICKET_TIMES = {
  created: sql`t.created_at`,
  updated: sql`t.updated_at`,
  due: sql`t.sla_due_key`,
  breach: sql`t.sla_breach_at`,
  /** Of a change that staff see; below, that its requester sees. */
  changed: sql`t.changed_at`,
  public_changed: sql`t.public_changed_at`,
};

/** What changed, for the actor, after `updatedAfter` and before `until`. */
export interface Changes {
  by: "changed" | "public_changed";
  until?: string | undefined;
}

/** In one order, so that there are few different statements. */
export function statusesOf({ status }: Filter): readonly Status[] {
  return status.length > 0 ? STATUSES.filter((one) => status.includes(one)) : STATUSES;
}

/** Those of the filter in which clocks run; all of it when there are none, and nothing will be found. */
export function runningStatuses(filter: Filter): Status[] {
  const running = statusesOf(filter).filter((status) => ACTIVE.includes(status));
  return running.length > 0 ? running : filter.status;
}

/** Those in which a ticket can need a reply, where only such are asked for and the filter names none. */
export function replyStatuses({ needsReply, status }: Filter): Status[] {
  return status.length === 0 && needsReply.join() === "true" ? ["new", "open", "in_progress"] : status;
}

export function isBreached({ sla }: Filter): boolean {
  return sla.length === 1 && sla[0] === "breached";
}

export function isRunning({ sla }: Filter): boolean {
  return sla.length > 0 && !sla.includes("breached");
}

export function slaCondition(filter: Filter): Sql {
  if (filter.sla.length === 0) return empty;
  const asked = SLA_STATES.filter((state) => filter.sla.includes(state)).map((state) => IN_STATE[state]);
  return asked.length === 1 ? sql`and ${asked[0]!}` : sql`and (${join(asked, " or ")})`;
}

const IN_STATE: Readonly<Record<Filter["sla"][number], Sql>> = {
  breached: sql`t.sla_breach_at <= now()`,
  at_risk: sql`(t.sla_due_key > now() and t.sla_warn_at <= now())`,
  // Without a due time the key is the end of time.
  due: sql`(t.sla_due_key > now() and t.sla_due_key < timestamptz '9999-12-31 00:00+00')`,
};

/** Every filter as a condition on ticket `t`. @param status whether the status is among them */
export function filterCondition(
  filter: Filter,
  { status, changes: { by, until = END.at } }: { status: boolean; changes: Changes },
): Sql {
  const tags = filter.tag.length > 0 ? filter.tag : null;
  const conditions = [
    status ? among(sql`t.status`, filter.status) : empty,
    among(sql`t.priority`, filter.priority),
    among(sql`t.type`, filter.type),
    oneOf(sql`t.category_id`, filter.categoryId),
    oneOf(sql`t.queue_key`, filter.queueId),
    oneOf(sql`t.assignee_key`, filter.assigneeId),
    oneOf(sql`t.requester_id`, filter.requesterId),
    replyCondition(filter),
  ];
  return sql`${join(conditions, " ")} and ${TICKET_TIMES[by]} > ${
    filter.updatedAfter ?? START.at
  }::timestamptz
    and ${TICKET_TIMES[by]} < ${until}::timestamptz
    and (${tags}::text[] is null or exists (select 1 from ticket_tags g
      where g.tenant_id = t.tenant_id and g.ticket_id = t.id and g.tag = any(${tags}::text[])))`;
}

/** Pending tickets wait for something else, ended ones for nothing. */
const NEEDS_REPLY = sql`(t.needs_reply and t.status in ('new', 'open', 'in_progress'))`;

function replyCondition({ needsReply }: Filter): Sql {
  if (needsReply.length !== 1) return empty;
  return needsReply[0] === "true" ? sql`and ${NEEDS_REPLY}` : sql`and not ${NEEDS_REPLY}`;
}

function among(column: Sql, list: readonly string[]): Sql {
  const values = list.length > 0 ? list : null;
  return sql`and (${values}::text[] is null or ${column} = any(${values}::text[]))`;
}

function oneOf(column: Sql, list: readonly string[]): Sql {
  const values = list.length > 0 ? list : null;
  return sql`and (${values}::uuid[] is null or ${column} = any(${values}::uuid[]))`;
}
