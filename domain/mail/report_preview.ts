import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { choosePeriod } from "@/domain/reports/model/period.ts";
import { mailedReport } from "@/domain/reports/saved/mailed_report.ts";
import type { SavedReport } from "@/domain/reports/saved/saved_report.ts";
import type { MailContent } from "./render/mail_content.ts";
import { composeReportMail } from "./templates/report_mail.ts";

/** The email that the actor would get now; null of a report that can't be computed as it was saved. */
export async function previewReportMail(cx: UserCx, saved: SavedReport): Promise<MailContent | null> {
  if (saved.outdated) return null;
  try {
    const { from, to } = choosePeriod(saved.query, saved.query.timeZone ?? cx.tenant.timeZone, cx.now);
    const report = await mailedReport(cx, saved, { from, to });
    return composeReportMail({ services: cx.services, reader: cx.actor }, report);
  } catch (error) {
    if (error instanceof DomainError && error.code === "invalid") return null;
    throw error;
  }
}
