import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { choosePeriod } from "@/domain/reports/model/period.ts";
import { mailedReport } from "@/domain/reports/saved/mailed_report.ts";
import type { SavedReport } from "@/domain/reports/saved/saved_report.ts";
import { whyNot } from "@/domain/reports/saved/why_not.ts";
import type { MailContent } from "./render/mail_content.ts";
import { composeReportMail } from "./templates/report_mail.ts";

/** The email that the actor would get now, or why the report can't be made as it was saved. */
export async function previewReportMail(
  cx: UserCx,
  saved: SavedReport,
): Promise<{ mail: MailContent } | { notSent: string }> {
  if (saved.outdated) return { notSent: "its filters are out of date" };
  try {
    const { from, to } = choosePeriod(saved.query, saved.query.timeZone ?? cx.tenant.timeZone, cx.now);
    const report = await mailedReport(cx, saved, { from, to });
    return { mail: composeReportMail({ services: cx.services, reader: cx.actor }, report) };
  } catch (error) {
    if (error instanceof DomainError && error.code === "invalid") return { notSent: whyNot(error) };
    throw error;
  }
}
