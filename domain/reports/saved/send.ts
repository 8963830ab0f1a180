import { z } from "zod";
import { sql } from "@/db/sql.ts";
import type { Cx, UserCx } from "@/domain/cx.ts";
import { DomainError, invalidField, rateLimited } from "@/domain/errors.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { record } from "@/domain/record.ts";
import { choosePeriod } from "@/domain/reports/model/period.ts";
import { getSavedReport } from "./read.ts";
import { type Addressee, findAddressees } from "./recipients.ts";
import type { SavedReport } from "./saved_report.ts";

/** `me`, which is the default, or everybody who gets it by its schedule. */
export const SendSavedReport = z.object({ to: z.enum(["me", "recipients"]).default("me") });

/** Between two sendings that people ask for, in seconds. */
const LEAST_BETWEEN = 60;

/**
 * Mails a report as of now. Its schedule stays as it is. @throws DomainError not_found; forbidden for the recipients of a
 * report that the actor may not edit, or for an agent when others are among them; rate_limited within a minute
 */
export async function sendSavedReport(
  cx: UserCx,
  { id, to }: z.output<typeof SendSavedReport> & { id: string },
): Promise<SavedReport> {
  const saved = await getSavedReport(cx, id);
  if (saved.outdated) {
    throw invalidField("", "outdated", "Save the report again first: its filters are out of date");
  }
  const ids = to === "me" ? [cx.actor.id] : saved.recipients.map(({ id }) => id);
  if (ids.length === 0) throw invalidField("to", "no_recipients", "Nobody gets this report yet");
  const forOthers = ids.some((one) => one !== cx.actor.id);
  if (to === "recipients" && (!saved.editable || forOthers && !MANAGERS.includes(cx.actor.role))) {
    throw new DomainError("forbidden", "Only managers can send a report to other people");
  }
  // Locked, whoever sent it last, so that two at once don't both find that nobody did.
  const last = await cx.db.first<{ wait: number | null }>(
    sql`select case when not sent_by_schedule then
        ceil(extract(epoch from sent_at + make_interval(secs => ${LEAST_BETWEEN}) - now()))::integer end as wait
      from saved_reports where tenant_id = ${cx.tenant.id} and id = ${id} for no key update`,
  );
  if (last?.wait && last.wait > 0) throw rateLimited(last.wait, "This report was just sent");
  await queueMails(cx, {
    id,
    ownerId: saved.owner.id,
    shared: saved.shared,
    period: choosePeriod(saved.query, saved.query.timeZone ?? cx.tenant.timeZone, cx.now),
    recipientIds: ids,
    scheduled: false,
  });
  return await getSavedReport(cx, id);
}

export interface Sending {
  id: string;
  ownerId: string;
  shared: boolean;
  period: { from: string; to: string };
  recipientIds: readonly string[];
  scheduled: boolean;
}

/** A mail for each who may still see it, once: in the transaction that claims or asks for it. */
export async function queueMails(cx: Cx, sending: Sending): Promise<void> {
  const { id, period: { from, to }, recipientIds, scheduled } = sending;
  const people = await findAddressees(cx, sending, recipientIds);
  const mails = await queueEach(cx, people.filter(({ leftOut }) => !leftOut), {
    savedReportId: id,
    from,
    to,
  });
  const messageOf = new Map(mails.map(({ userId, outboxId }) => [userId, outboxId]));
  await noteSending(cx, id, { scheduled, notSent: null });
  await cx.db.run(
    sql`insert into saved_report_mails (tenant_id, saved_report_id, user_id, outbox_id, left_out)
    select ${cx.tenant.id}, ${id}, m.* from unnest(${people.map((one) => one.id)}::uuid[],
      ${people.map((one) => messageOf.get(one.id) ?? null)}::uuid[], ${
      people.map((one) => one.leftOut)
    }::text[]) m`,
  );
  if (mails.length === 0) return;
  await record(cx, {
    action: "saved_report.sent",
    entity: "saved_report",
    entityId: id,
    internal: true,
    changes: {
      scheduled,
      from,
      to,
      sentTo: mails.map(({ userId }) => userId),
      leftOut: Object.fromEntries(people.flatMap(({ id, leftOut }) => leftOut ? [[id, leftOut]] : [])),
    },
  });
}

/** The last result of a schedule whose report can't be made. */
export async function noteNotSent(cx: Cx, id: string, why: string): Promise<void> {
  await noteSending(cx, id, { scheduled: true, notSent: why });
}

/** In the place of the sending before. */
async function noteSending(
  cx: Cx,
  id: string,
  { scheduled, notSent }: { scheduled: boolean; notSent: string | null },
): Promise<void> {
  await cx.db.run(
    sql`delete from saved_report_mails where tenant_id = ${cx.tenant.id} and saved_report_id = ${id}`,
  );
  await cx.db.run(
    sql`update saved_reports set sent_at = now(), sent_by_schedule = ${scheduled}, not_sent = ${notSent}
    where tenant_id = ${cx.tenant.id} and id = ${id}`,
  );
}

async function queueEach(
  cx: Cx,
  people: readonly Addressee[],
  payload: { savedReportId: string; from: string; to: string },
): Promise<{ userId: string; outboxId: string }[]> {
  if (people.length === 0) return [];
  cx.afterCommit(() => cx.services.wake("email"));
  return await cx.db.rows<{ userId: string; outboxId: string }>(
    sql`insert into outbox (tenant_id, recipient, template, payload)
      select ${cx.tenant.id}, p.email, 'saved_report',
        ${JSON.stringify(payload)}::jsonb || jsonb_build_object('userId', p.id)
      from unnest(${people.map(({ id }) => id)}::uuid[], ${
      people.map(({ email }) => email)
    }::text[]) p (id, email)
      returning payload ->> 'userId' as "userId", id as "outboxId"`,
  );
}
