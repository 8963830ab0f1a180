import { sql } from "@/db/sql.ts";
import { assertRole, STAFF } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import type { AssignmentRule } from "./next_assignee.ts";
import type { Named, Page, Person } from "@/domain/shared/types.ts";

export interface Queue extends Named {
  description: string;
  memberCount: number;
  assignmentRule: AssignmentRule;
  archived: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface QueueMember extends Required<Person> {
  accepts: boolean;
}

export interface QueueWithMembers extends Queue {
  members: QueueMember[];
}

interface QueueRow {
  id: string;
  name: string;
  name_key: string;
  description: string;
  member_count: number;
  assignment_rule: AssignmentRule;
  archived: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

const COLUMNS =
  sql`q.id, q.name, q.name_key, q.description, q.assignment_rule, q.archived_at is not null as archived, q.version,
  q.created_at, q.updated_at, (select count(*) from queue_members m
    where m.tenant_id = q.tenant_id and m.queue_id = q.id) as member_count`;

function toQueue(row: QueueRow): Queue {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    memberCount: row.member_count,
    assignmentRule: row.assignment_rule,
    archived: row.archived,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** By name; archived ones if asked for. @throws DomainError forbidden for requesters; invalid for a cursor of another list */
export async function listQueues(
  cx: UserCx,
  { limit, cursor, archived = false }: { limit: number; cursor?: string | undefined; archived?: boolean },
): Promise<Page<Queue>> {
  assertRole(cx, STAFF);
  const after = cursor ? readCursor(cx, "queues", cursor).at : "";
  const rows = await cx.db.rows<QueueRow>(sql`select ${COLUMNS} from queues q
    where q.tenant_id = ${cx.tenant.id} and q.name_key > ${after}
      and (q.archived_at is null or ${archived}::boolean)
    order by q.name_key limit ${limit + 1}`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map(toQueue),
    nextCursor: more && last ? writeCursor(cx, "queues", { at: last.name_key, id: last.id }) : null,
  };
}

/** @throws DomainError not_found */
export async function getQueue(cx: UserCx, id: string): Promise<QueueWithMembers> {
  const [row, members] = await Promise.all([
    cx.db.first<QueueRow>(
      sql`select ${COLUMNS} from queues q where q.tenant_id = ${cx.tenant.id} and q.id = ${id}`,
    ),
    cx.db.rows<QueueMember>(sql`select u.id, u.name, u.email, m.accepts
      from queue_members m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
      where m.tenant_id = ${cx.tenant.id} and m.queue_id = ${id} order by u.name, u.id`),
  ]);
  if (!row) throw new DomainError("not_found");
  return { ...toQueue(row), members };
}
