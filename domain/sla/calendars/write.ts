import type { z } from "zod";
import { sql } from "@/db/sql.ts";
import { assertRole, MANAGERS } from "@/domain/permissions.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { fieldChanges } from "@/domain/edit_versioned.ts";
import { record } from "@/domain/record.ts";
import type { CalendarDefinition } from "@/domain/sla/clock/calendar.ts";
import { scheduleRollout } from "@/domain/sla/tracking/rollouts.ts";
import type { CreateCalendar, EditCalendar } from "./fields.ts";
import { type CalendarResource, getCalendar } from "./read.ts";

/** Makes a calendar. @throws DomainError forbidden, or conflict when the name is taken */
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
 * Changes a calendar, by a new version of it, or archives it. New tickets are counted by the new version; those that are
 * open go on by theirs unless `applyToOpen` says so.
 *
 * @throws DomainError forbidden, not_found, stale_version, or conflict when the name is taken, or a policy in use counts
 *   by a calendar that is to be archived
 */
export async function editCalendar(
  cx: UserCx,
  input: Omit<z.output<typeof EditCalendar>, "version"> & { id: string; version: number },
): Promise<CalendarResource> {
  assertRole(cx, MANAGERS);
  const was = await getCalendar(cx, input.id);
  if (was.version !== input.version) throw new DomainError("stale_version", undefined, { current: was });
  const { name = was.name, archived = was.archived } = input;
  if (archived && !was.archived) await assertUnused(cx, was.id);
  const updated = await orNameTaken(cx, () =>
    cx.db.run(sql`update calendars set name = ${name},
        archived_at = case when ${archived}::boolean then coalesce(archived_at, now()) end,
        version = version + 1, updated_at = now()
      where tenant_id = ${cx.tenant.id} and id = ${was.id} and version = ${was.version}`));
  if (updated === 0) {
    throw new DomainError("stale_version", undefined, { current: await getCalendar(cx, was.id) });
  }
  const { timeZone = was.timeZone, week = was.week, holidays = was.holidays } = input;
  const changes = fieldChanges<Partial<CalendarResource>>(was, { name, timeZone, week, holidays, archived });
  const recounts = "timeZone" in changes || "week" in changes || "holidays" in changes;
  const version = was.version + 1;
  await addVersion(cx, { id: was.id, version, name, definition: { timeZone, week, holidays } });
  const follows = input.applyToOpen && recounts;
  const [, , calendar] = await Promise.all([
    record(cx, {
      action: "calendar.edited",
      entity: "calendar",
      entityId: was.id,
      version,
      changes: {
        ...changes,
        ...(recounts ? { applyToOpen: input.applyToOpen } : {}),
      },
    }),
    follows ? scheduleRollout(cx, { calendarId: was.id }) : null,
    getCalendar(cx, was.id),
  ]);
  return calendar;
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
    const errors = [{ path: "archived", code: "in_use", message: "A policy counts by this calendar" }];
    throw new DomainError("conflict", `The policy "${policy.name}" counts by this calendar`, { errors });
  }
}
