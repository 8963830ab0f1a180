import { z } from "zod";
import { type Sql, sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { STATE_OF_JOB } from "@/domain/messages/states.ts";
import { assertRole, MANAGERS, REPORT_READERS } from "@/domain/permissions.ts";
import { REPORTS } from "@/domain/reports/model/names.ts";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import { readCursor, writeCursor } from "@/domain/shared/cursor.ts";
import type { Named, Page } from "@/domain/shared/types.ts";
import { unknownFields } from "@/domain/unknown_fields.ts";
import { tryParse } from "@/domain/validation.ts";
import type { SavedQuery, SavedReport, SentTo } from "./saved_report.ts";
import { Schedule } from "./schedule.ts";

interface Row {
  [column: string]: unknown;
  id: string;
  name: string;
  nameKey: string;
  ownerId: string;
  ownerName: string;
  shared: boolean;
  report: string;
  query: unknown;
  schedule: unknown;
  nextRunAt: string | null;
  sentAt: string | null;
  sentBySchedule: boolean;
  notSent: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
  recipients: Named[];
  sentTo: SentTo[];
}

const COLUMNS =
  sql`s.id, s.name, s.name_key as "nameKey", s.owner_id as "ownerId", owner.name as "ownerName", s.shared,
  s.report, s.query, s.schedule, s.next_run_at as "nextRunAt", s.sent_at as "sentAt",
  s.sent_by_schedule as "sentBySchedule", s.not_sent as "notSent", s.version, s.created_at as "createdAt", s.updated_at as "updatedAt",
  recipients.list as recipients, mails.list as "sentTo"`;
const FROM = sql`saved_reports s join users owner on owner.tenant_id = s.tenant_id and owner.id = s.owner_id
  cross join lateral (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name, u.id), '[]')
      as list
    from saved_report_recipients r join users u on u.tenant_id = r.tenant_id and u.id = r.user_id
    where r.tenant_id = s.tenant_id and r.saved_report_id = s.id) recipients
  cross join lateral (select coalesce(jsonb_agg(jsonb_build_object('person', jsonb_build_object('id', u.id, 'name', u.name),
        'state', case when j.id is not null then ${STATE_OF_JOB} end, 'note', coalesce(j.last_error, case when o.delivery in ('bounced', 'complained', 'failed') then o.delivery end),
        'leftOut', m.left_out)
        order by u.name, u.id), '[]') as list
    from saved_report_mails m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
    left join jobs j on j.tenant_id = m.tenant_id and j.id = m.outbox_id
    left join outbox o on o.tenant_id = m.tenant_id and o.id = m.outbox_id
    where m.tenant_id = s.tenant_id and m.saved_report_id = s.id) mails`;

function toSavedReport(cx: UserCx, row: Row): SavedReport {
  const { query, schedule, outdated } = readStored(row);
  return {
    id: row.id,
    name: row.name,
    owner: { id: row.ownerId, name: row.ownerName },
    shared: row.shared,
    report: row.report,
    query,
    outdated,
    schedule,
    recipients: row.recipients,
    nextRunAt: row.nextRunAt,
    lastResult: row.sentAt === null
      ? null
      : { at: row.sentAt, scheduled: row.sentBySchedule, notSent: row.notSent, people: row.sentTo },
    editable: row.ownerId === cx.actor.id || row.shared && MANAGERS.includes(cx.actor.role),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** What an earlier version wrote may not be valid any more. */
export function readStored(
  { report, query, schedule }: { report: string; query: unknown; schedule: unknown },
): { query: SavedQuery; schedule: Schedule | null; outdated: boolean } {
  const [filters, times] = [tryParse(ReportQuery, query), tryParse(Schedule.nullable(), schedule)];
  const known = tryParse(z.enum(REPORTS), report) !== undefined &&
    unknownFields(ReportQuery, query).length === 0;
  return {
    query: withoutEmpty(filters ?? {}),
    schedule: times ?? null,
    outdated: !known || filters === undefined || times === undefined,
  };
}

export function withoutEmpty(query: SavedQuery): SavedQuery {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value.length > 0),
  );
}

/** Those that the actor may see: their own, and those shared with the help desk. */
function seenBy(cx: UserCx): Sql {
  return sql`s.tenant_id = ${cx.tenant.id} and (s.owner_id = ${cx.actor.id} or s.shared)`;
}

/** By name. @throws DomainError not_found for requesters; invalid for a cursor of another list */
export async function listSavedReports(
  cx: UserCx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<SavedReport>> {
  assertRole(cx, REPORT_READERS);
  const after = cursor ? readCursor(cx, "saved-reports", cursor) : { at: "", id: cx.tenant.id };
  const rows = await cx.db.rows<Row>(sql`select ${COLUMNS} from ${FROM}
    where ${seenBy(cx)} and (s.name_key, s.id) > (${after.at}::text, ${after.id}::uuid)
    order by s.name_key, s.id limit ${limit + 1}`);
  const more = rows.length > limit;
  if (more) rows.length = limit;
  const last = rows.at(-1);
  return {
    items: rows.map((row) => toSavedReport(cx, row)),
    nextCursor: more && last ? writeCursor(cx, "saved-reports", { at: last.nameKey, id: last.id }) : null,
  };
}

/** @throws DomainError not_found unless the actor owns it, or is staff and it is shared */
export async function getSavedReport(cx: UserCx, id: string): Promise<SavedReport> {
  assertRole(cx, REPORT_READERS);
  const row = await cx.db.first<Row>(
    sql`select ${COLUMNS} from ${FROM} where ${seenBy(cx)} and s.id = ${id}`,
  );
  if (!row) throw new DomainError("not_found");
  return toSavedReport(cx, row);
}
