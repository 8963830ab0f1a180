import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { sql } from "@/db/sql.ts";
import type { UserCx } from "@/domain/cx.ts";
import { editVersioned } from "@/domain/edit_versioned.ts";
import { DomainError, invalidField } from "@/domain/errors.ts";
import { assertRole, REPORT_READERS } from "@/domain/permissions.ts";
import { record } from "@/domain/record.ts";
import { REPORTS } from "@/domain/reports/model/names.ts";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import { checkRequest } from "@/domain/reports/request.ts";
import { wellFormed } from "@/domain/shared/fields.ts";
import { newId } from "@/domain/shared/new_id.ts";
import { orNameTaken } from "@/domain/shared/unique_name.ts";
import { formBoolean, id, line, parse, version } from "@/domain/validation.ts";
import { getSavedReport, withoutEmpty } from "./read.ts";
import { checkRecipients, MOST_RECIPIENTS, saveRecipients } from "./recipients.ts";
import type { SavedReport } from "./saved_report.ts";
import { nextRun, Schedule } from "./schedule.ts";

const name = line(1, 80).transform(wellFormed);
const report = z.enum(REPORTS);
const recipientIds = z.array(id).max(MOST_RECIPIENTS, `Must be at most ${MOST_RECIPIENTS} people`)
  .transform((ids) => [...new Set(ids)].sort());

/** `recipientIds`: whoever schedules it gets it, unless others are named. */
export const CreateSavedReport = z.object({
  name,
  report,
  query: ReportQuery,
  shared: formBoolean.default(false),
  schedule: Schedule.nullable().default(null),
  recipientIds: recipientIds.optional(),
});

export const EditSavedReport = z.object({
  version: version.optional(),
  name: name.optional(),
  report: report.optional(),
  query: ReportQuery.optional(),
  shared: formBoolean.optional(),
  schedule: Schedule.nullable().optional(),
  recipientIds: recipientIds.optional(),
});

const MOST_OWN = 200;

/** @throws DomainError not_found for requesters; conflict for a second one of that name, or too many; invalid, forbidden */
export async function createSavedReport(
  cx: UserCx,
  input: z.output<typeof CreateSavedReport>,
): Promise<SavedReport> {
  assertRole(cx, REPORT_READERS);
  await checkQuery(cx, input.report, input.query);
  const { schedule, shared } = input;
  const [savedId, own] = await Promise.all([
    newId(cx),
    cx.db.first<{ count: number }>(sql`select count(*) from saved_reports
      where tenant_id = ${cx.tenant.id} and owner_id = ${cx.actor.id}`),
  ]);
  if (own!.count >= MOST_OWN) {
    throw new DomainError("conflict", `You have ${MOST_OWN} saved reports: delete one first`);
  }
  const recipients = input.recipientIds ?? (schedule ? [cx.actor.id] : []);
  checkSchedule({ schedule, recipientIds: recipients });
  await checkRecipients(cx, { before: [], after: recipients, ownerId: cx.actor.id, shared });
  const runs = planned(cx, schedule);
  await orNameTaken(
    cx,
    () =>
      cx.db.run(sql`insert into saved_reports
        (tenant_id, id, owner_id, name, shared, report, query, schedule, next_run_at, zone)
      values (${cx.tenant.id}, ${savedId}, ${cx.actor.id}, ${input.name}, ${shared}, ${input.report},
        ${JSON.stringify(withoutEmpty(input.query))}, ${
        schedule && JSON.stringify(schedule)
      }, ${runs.at}, ${runs.zone})`),
  );
  await saveRecipients(cx, savedId, recipients);
  await record(cx, {
    action: "saved_report.created",
    entity: "saved_report",
    entityId: savedId,
    version: 1,
    internal: true,
    changes: { name: input.name, report: input.report, shared, schedule, recipientIds: recipients },
  });
  return await getSavedReport(cx, savedId);
}

/** @throws DomainError not_found, forbidden, stale_version, invalid, or conflict when its owner has another of that name */
export async function editSavedReport(
  cx: UserCx,
  input: Omit<z.output<typeof EditSavedReport>, "version"> & { id: string; version: number },
): Promise<SavedReport> {
  const query = input.query && withoutEmpty(input.query);
  const edited = await editVersioned(cx, {
    action: "saved_report.edited",
    entity: "saved_report",
    internal: true,
    read: async () => {
      const saved = await getSavedReport(cx, input.id);
      assertMayEdit(saved);
      return saved;
    },
    version: input.version,
    fields: ({ name, shared, report, query, schedule, recipients, outdated }) => ({
      name,
      shared,
      report,
      query: outdated ? null : query,
      schedule,
      recipientIds: idsOf(recipients),
    }),
    input: (was) => ({
      ...input,
      // Whoever saves it again has seen what is left of it.
      query: query ?? was.query,
      recipientIds: input.recipientIds ?? firstRecipients(cx, was, input.schedule),
    }),
    check: async ({ was, next, changes }) => {
      checkSchedule(next);
      if (changes.query || changes.report) await checkQuery(cx, next.report, parse(ReportQuery, next.query));
      await checkRecipients(cx, {
        before: idsOf(was.recipients),
        after: next.recipientIds,
        ownerId: was.owner.id,
        shared: next.shared,
      });
    },
    table: "saved_reports",
    set: (next, was) => {
      const kept = next.schedule !== null && isDeepStrictEqual(next.schedule, was.schedule);
      const runs = planned(cx, next.schedule);
      return sql`name = ${next.name}, shared = ${next.shared}, report = ${next.report},
        query = ${JSON.stringify(next.query)}, schedule = ${next.schedule && JSON.stringify(next.schedule)},
        next_run_at = case when ${kept}::boolean then next_run_at else ${runs.at}::timestamptz end,
        zone = case when ${kept}::boolean then zone else ${runs.zone}::text end`;
    },
    save: (update) => orNameTaken(cx, update),
    after: ({ next }) => saveRecipients(cx, input.id, next.recipientIds),
    result: ({ was, next: { recipientIds, ...next }, version }) => ({
      ...was,
      ...next,
      query: next.query ?? {},
      recipients: was.recipients.filter(({ id }) => recipientIds.includes(id)),
      nextRunAt: next.schedule && was.nextRunAt,
      version,
      updatedAt: cx.now,
    }),
  });
  // A manager who stops sharing somebody else's report can't read it any more.
  return edited.shared || edited.owner.id === cx.actor.id ? await getSavedReport(cx, input.id) : edited;
}

/** @throws DomainError not_found, forbidden unless it is the actor's, or shared and the actor a manager */
export async function deleteSavedReport(cx: UserCx, id: string): Promise<void> {
  const saved = await getSavedReport(cx, id);
  assertMayEdit(saved);
  await cx.db.run(sql`delete from saved_reports where tenant_id = ${cx.tenant.id} and id = ${saved.id}`);
  await record(cx, {
    action: "saved_report.deleted",
    entity: "saved_report",
    entityId: saved.id,
    internal: true,
    changes: { name: saved.name },
  });
}

function assertMayEdit({ editable, owner }: SavedReport): void {
  if (!editable) throw new DomainError("forbidden", `Only ${owner.name} can change this report`);
}

function idsOf(people: readonly { id: string }[]): string[] {
  return people.map(({ id }) => id).sort();
}

/** Whoever schedules a report that nobody gets yet gets it. */
function firstRecipients(
  cx: UserCx,
  was: SavedReport,
  schedule: Schedule | null | undefined,
): string[] | undefined {
  return schedule && was.recipients.length === 0 ? [cx.actor.id] : undefined;
}

function checkSchedule(
  { schedule, recipientIds }: { schedule: Schedule | null; recipientIds: readonly string[] },
): void {
  if (schedule && recipientIds.length === 0) {
    throw invalidField("recipientIds", "required", "Select at least one person");
  }
}

/** @throws DomainError invalid for what can't be asked of the report, or filters by what isn't there */
async function checkQuery(cx: UserCx, name: string, query: ReportQuery): Promise<void> {
  try {
    await checkRequest(cx, name, query, { counted: false });
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "invalid") throw error;
    const errors = error.facts.errors?.map((one) => ({ ...one, path: `query.${one.path}` })) ?? [];
    throw new DomainError("invalid", undefined, { errors });
  }
}

function planned(cx: UserCx, schedule: Schedule | null): { at: string | null; zone: string | null } {
  const { timeZone: zone } = cx.tenant;
  return schedule ? { at: nextRun(schedule, zone, cx.now), zone } : { at: null, zone: null };
}
