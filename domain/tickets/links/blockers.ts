import { sql } from "@/db/sql.ts";
import type { Cx } from "@/domain/cx.ts";
import { DomainError, type FieldError } from "@/domain/errors.ts";
import { STATUS_LABELS, ticketKey, type TicketType } from "@/domain/tickets/model/formatting.ts";
import { visibleToActor } from "@/domain/tickets/access/visibility.ts";
import { ACTIVE, type Status } from "@/domain/tickets/model/states.ts";

interface OpenRow {
  kind: "parent" | "blocks";
  number: number;
  type: TicketType;
  title: string;
  status: Status;
  seen: boolean;
}

const MOST = 20;

/** Later links don't reopen it. @throws DomainError illegal_transition with an entry for each that the actor may see */
export async function assertNoOpenBlockers(cx: Cx, ticketId: string): Promise<void> {
  const open = await cx.db.rows<OpenRow & Record<string, unknown>>(
    sql`select l.kind, t.number, t.type, t.title, t.status, true ${visibleToActor(cx)} as seen
        from (
          select kind, target_id as other_id from ticket_links
          where tenant_id = ${cx.tenant.id} and source_id = ${ticketId} and kind = 'parent'
          union all
          select kind, source_id from ticket_links
          where tenant_id = ${cx.tenant.id} and target_id = ${ticketId} and kind = 'blocks'
        ) l join tickets t on t.tenant_id = ${cx.tenant.id} and t.id = l.other_id
        where t.status = any(${ACTIVE}::text[]) order by t.number limit ${MOST}`,
  );
  if (open.length === 0) return;
  const errors = open.filter(({ seen }) => seen).map((row): FieldError => ({
    path: "to",
    code: row.kind === "parent" ? "child_open" : "blocker_open",
    message: `${row.kind === "parent" ? "Child ticket" : "Blocking ticket"} ${
      ticketKey(row.type, row.number)
    } “${row.title}” is ${STATUS_LABELS[row.status].toLowerCase()}`,
  }));
  const keys = open.filter(({ seen }) => seen).map(({ type, number }) => ticketKey(type, number));
  throw new DomainError(
    "illegal_transition",
    keys.length > 0
      ? `This ticket is blocked by open tickets: ${keys.join(", ")}`
      : "This ticket is blocked by another ticket that is still open",
    { errors, allowed: [] },
  );
}
