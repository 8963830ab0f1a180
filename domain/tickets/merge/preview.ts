import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { findOther, requireTicket } from "@/domain/tickets/access/read_ticket.ts";
import { toTicket } from "@/domain/tickets/access/ticket_row.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import { ACTIVE, type Status } from "@/domain/tickets/model/states.ts";
import { ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import type { Ticket, TicketRef } from "@/domain/tickets/model/types.ts";
import { targetProblem } from "./merge.ts";

export const NO_SUCH_TICKET = "No such ticket, or you may not use it";

export interface MergePreview {
  source: Ticket;
  /** Null while none is named, or with a `problem`. */
  target: Ticket | null;
  problem: string | null;
  comments: number;
  files: number;
  /** Names of requesters who would see the target for the first time. */
  outsiders: string[];
  others: (TicketRef & { status: Status })[];
}

/** `into` is as it was typed. @throws DomainError not_found; forbidden */
export async function previewMerge(cx: UserCx, input: { id: string; into: string }): Promise<MergePreview> {
  const row = await requireTicket(cx, input.id);
  assertRole(cx, STAFF);
  const source = toTicket(cx, row);
  const found = input.into.trim() === "" ? null : await findOther(cx, input.into, "into").catch((error) => {
    if (error instanceof DomainError) return null;
    throw error;
  });
  const target = found && toTicket(cx, found);
  const [counts, outsiders, others] = await Promise.all([
    cx.db.first<{ comments: number; files: number }>(
      sql`select (select count(*) from comments c where c.tenant_id = ${cx.tenant.id} and c.ticket_id = ${row.id})
          as comments,
        (select count(*) from attachments a where a.tenant_id = ${cx.tenant.id} and a.ticket_id = ${row.id}
          and a.deleted_at is null) as files`,
    ),
    cx.db.rows<{ name: string }>(
      sql`select u.name from ticket_participants p
        join users u on u.tenant_id = p.tenant_id and u.id = p.user_id
        where p.tenant_id = ${cx.tenant.id} and p.ticket_id = ${row.id} and u.role = 'REQUESTER'
          and u.deactivated_at is null and not exists (select from ticket_participants o
            where o.tenant_id = p.tenant_id and o.ticket_id = ${
        target?.id ?? null
      }::uuid and o.user_id = u.id)
        order by u.name_key, u.id`,
    ),
    cx.db.rows<{ id: string; number: number; type: TicketType; title: string; status: Status }>(
      sql`select t.id, t.number, t.type, t.title, t.status from ticket_participants p
        join tickets t on t.tenant_id = p.tenant_id and t.id = p.ticket_id
        where p.tenant_id = ${cx.tenant.id} and p.user_id = ${row.requester_id} and p.kind = 'requester'
          and p.status = any(${ACTIVE}::text[]) and t.id <> ${row.id} ${visibleToActor(cx)}
        order by p.created_at desc, t.id limit 5`,
    ),
  ]);
  const problem = input.into.trim() === "" ? null : problemOf(source, target);
  return {
    source,
    target: problem ? null : target,
    problem,
    comments: counts!.comments,
    files: counts!.files,
    outsiders: outsiders.map(({ name }) => name),
    others: others.map(({ id, number, type, title, status }) => ({
      id,
      key: ticketKey(type, number),
      title,
      status,
    })),
  };
}

function problemOf(source: Ticket, target: Ticket | null): string | null {
  if (!target) return NO_SUCH_TICKET;
  if (target.id === source.id) return "A ticket can't be merged into itself";
  return targetProblem({ ...target, merged: target.mergedAt !== null })?.message ?? null;
}
