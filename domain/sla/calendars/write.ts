import type { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { archivedAt, editVersioned, type FieldChanges } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import type { CalendarDefinition } from "@/domain/sla/clock/calendar.ts";
import { scheduleRollout } from "@/domain/sla/tracking/rollouts.ts";
import type { CreateCalendar, EditCalendar } from "./fields.ts";
import { type CalendarResource, getCalendar } from "./read.ts";

/** Creates a calendar. @throws DomainError forbidden, or conflict when the name is taken */
export async function createCalendar(
  cx: UserCx,
  input: z.output<typeof CreateCalendar>,
): Promise<CalendarResource> {
  assertRole(cx, MANAGERS);
  const { name, timeZone, week, holidays } = input;
  const id = await newId(cx);
  await orNameTaken(
    cx,
    () =>
      cx.db.run(sql`insert into calendars (tenant_id, id, name) values (${cx.tenant.id}, ${id}, ${name})`),
  );
  await addVersion(cx, { id, version: 1, name, definition: { timeZone, week, holidays } });
  const [, calendar] = await Promise.all([
    record(cx, {
      action: "calendar.created",
      entity: "calendar",
      entityId: id,
      version: 1,
      changes: { name, timeZone },
    }),
    getCalendar(cx, id),
  ]);
  return calendar;
}

/**
 * By a new version of it, for new tickets; open ones keep theirs unless `applyToOpen` is set. @throws DomainError
 * forbidden; not_found; stale_version; conflict when the name is taken, or a policy uses one that is to be archived
 */
export async function editCalendar(
  cx: UserCx,
  input: Omit<z.output<typeof EditCalendar>, "version"> & { id: string; version: number },
): Promise<CalendarResource> {
  assertRole(cx, MANAGERS);
  const { id, applyToOpen } = input;
  return await editVersioned(cx, {
    action: "calendar.edited",
    entity: "calendar",
    read: () => getCalendar(cx, id),
    version: input.version,
    fields: ({ name, timeZone, week, holidays, archived }) => ({ name, timeZone, week, holidays, archived }),
    input,
    check: ({ was, next }) => next.archived && !was.archived ? assertUnused(cx, id) : undefined,
    table: "calendars",
    set: ({ name, archived }) => sql`name = ${name}, archived_at = ${archivedAt(archived)}`,
    save: (update) => orNameTaken(cx, update),
    after: async ({ next: { name, timeZone, week, holidays }, changes, version }) => {
      await addVersion(cx, { id, version, name, definition: { timeZone, week, holidays } });
      if (applyToOpen && changesHours(changes)) await scheduleRollout(cx, { calendarId: id });
    },
    facts: ({ changes }) => changesHours(changes) ? { applyToOpen } : {},
  });
}

function changesHours(changes: FieldChanges): boolean {
  return ["timeZone", "week", "holidays"].some((field) => field in changes);
}

async function addVersion(
  cx: UserCx,
  { id, version, name, definition }: {
    id: string;
    version: number;
    name: string;
    definition: CalendarDefinition;
  },
): Promise<void> {
  await cx.db.run(sql`insert into calendar_versions (tenant_id, calendar_id, version, name, definition)
    values (${cx.tenant.id}, ${id}, ${version}, ${name}, ${JSON.stringify(definition)})`);
}

async function assertUnused(cx: UserCx, id: string): Promise<void> {
  const policy = await cx.db.first<{ name: string }>(sql`select name from sla_policies
    where tenant_id = ${cx.tenant.id} and calendar_id = ${id} and archived_at is null order by name_key limit 1`);
  if (policy) {
    const errors = [{ path: "archived", code: "in_use", message: "An SLA policy uses this calendar" }];
    throw new DomainError("conflict", `The SLA policy "${policy.name}" uses this calendar`, { errors });
  }
}
