import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import { DomainError } from "@/domain/errors.ts";
import type { CalendarDefinition } from "@/domain/sla/clock/calendar.ts";
import type { Page } from "@/domain/shared/types.ts";

export interface CalendarResource extends CalendarDefinition {
  id: string;
  name: string;
  archived: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

interface CalendarRow {
  id: string;
  name: string;
  name_key: string;
  definition: CalendarDefinition;
  archived: boolean;
  version: number;
  created_at: string;
  updated_at: string;
}

const COLUMNS = sql`c.id, c.name, c.name_key, v.definition, c.archived_at is not null as archived, c.version,
  c.created_at, c.updated_at`;
const VERSION = sql`join calendar_versions v
  on v.tenant_id = c.tenant_id and v.calendar_id = c.id and v.version = c.version`;

function toCalendar(row: CalendarRow): CalendarResource {
  const { timeZone, week, holidays } = row.definition;
  return {
    id: row.id,
    name: row.name,
    timeZone,
    week,
    holidays,
    archived: row.archived,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Calendars by name; archived ones when asked for. @throws DomainError invalid for a cursor of another list */
export async function listCalendars(
  cx: UserCx,
  { limit, cursor, archived = false }: { limit: number; cursor?: string | undefined; archived?: boolean },
): Promise<Page<CalendarResource>> {
  const after = cursor ? readCursor(cx, "calendars", cursor).at : "";
  const rows = await cx.db.rows<CalendarRow>(sql`select ${COLUMNS} from calendars c ${VERSION}
    where c.tenant_id = ${cx.tenant.id} and c.name_key > ${after}
      and (c.archived_at is null or ${archived}::boolean)
    order by c.name_key limit ${limit + 1}`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map(toCalendar),
    nextCursor: more && last ? writeCursor(cx, "calendars", { at: last.name_key, id: last.id }) : null,
  };
}

/** A calendar. @throws DomainError not_found */
export async function getCalendar(cx: UserCx, id: string): Promise<CalendarResource> {
  const row = await cx.db.first<CalendarRow>(sql`select ${COLUMNS} from calendars c ${VERSION}
    where c.tenant_id = ${cx.tenant.id} and c.id = ${id}`);
  if (!row) throw new DomainError("not_found");
  return toCalendar(row);
}
