import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import type { PolicyTargets } from "@/domain/sla/clock/ledger.ts";
import type { TicketType } from "@/domain/tickets/model/formatting.ts";
import type { Named, Page } from "@/domain/shared/types.ts";

/** Targets and the tickets they apply to; of several matching policies the most specific applies. */
export interface Policy {
  id: string;
  name: string;
  calendar: Named;
  /** Includes its subcategories; null for any. */
  category: Named | null;
  queue: Named | null;
  type: TicketType | null;
  targets: PolicyTargets;
  archived: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

interface PolicyRow {
  id: string;
  name: string;
  name_key: string;
  calendar_id: string;
  calendar_name: string;
  category_id: string | null;
  category_name: string | null;
  queue_id: string | null;
  queue_name: string | null;
  ticket_type: TicketType | null;
  targets: PolicyTargets;
  archived: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

const COLUMNS = sql`p.id, p.name, p.name_key, p.calendar_id, c.name as calendar_name, p.category_id,
  category.name as category_name, p.queue_id, q.name as queue_name, p.ticket_type, v.targets,
  p.archived_at is not null as archived, p.version, p.created_at, p.updated_at`;
const JOINS = sql`join sla_policy_versions v
    on v.tenant_id = p.tenant_id and v.policy_id = p.id and v.version = p.version
  join calendars c on c.tenant_id = p.tenant_id and c.id = p.calendar_id
  left join categories category on category.tenant_id = p.tenant_id and category.id = p.category_id
  left join queues q on q.tenant_id = p.tenant_id and q.id = p.queue_id`;

function toPolicy(row: PolicyRow): Policy {
  const { firstResponse, resolution } = row.targets;
  return {
    id: row.id,
    name: row.name,
    calendar: { id: row.calendar_id, name: row.calendar_name },
    category: row.category_id === null ? null : { id: row.category_id, name: row.category_name! },
    queue: row.queue_id === null ? null : { id: row.queue_id, name: row.queue_name! },
    type: row.ticket_type,
    targets: { firstResponse, resolution },
    archived: row.archived,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Policies by name; archived ones when asked for. @throws DomainError invalid for a cursor of another list */
export async function listPolicies(
  cx: UserCx,
  { limit, cursor, archived = false }: { limit: number; cursor?: string | undefined; archived?: boolean },
): Promise<Page<Policy>> {
  const after = cursor ? readCursor(cx, "sla-policies", cursor).at : "";
  const rows = await cx.db.rows<PolicyRow>(sql`select ${COLUMNS} from sla_policies p ${JOINS}
    where p.tenant_id = ${cx.tenant.id} and p.name_key > ${after}
      and (p.archived_at is null or ${archived}::boolean)
    order by p.name_key limit ${limit + 1}`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map(toPolicy),
    nextCursor: more && last ? writeCursor(cx, "sla-policies", { at: last.name_key, id: last.id }) : null,
  };
}

/** A policy. @throws DomainError not_found */
export async function getPolicy(cx: UserCx, id: string): Promise<Policy> {
  const row = await cx.db.first<PolicyRow>(sql`select ${COLUMNS} from sla_policies p ${JOINS}
    where p.tenant_id = ${cx.tenant.id} and p.id = ${id}`);
  if (!row) throw new DomainError("not_found");
  return toPolicy(row);
}
