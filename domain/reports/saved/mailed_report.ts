import { actAsUser, type RequestInfo, type UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { runReport } from "@/domain/reports/run.ts";
import { parse } from "@/domain/validation.ts";
import { getSavedReport } from "./read.ts";
import type { SavedQuery, SavedReport } from "./saved_report.ts";
import { whyNot } from "./why_not.ts";

/** A saved report with the numbers of some days, as one person sees them. */
export interface MailedReport {
  saved: SavedReport;
  result: ReportResult;
  /** The report's address on screen has it: the same days and filters. */
  search: URLSearchParams;
  /** The organisation's, which its schedule is in. */
  zone: string;
  /** Whether the person gets it by its schedule, and so can stop that. */
  subscribed: boolean;
}

interface Days {
  from: string;
  to: string;
}

/** Computed in the recipient's name, so by what they may see now. @returns why it isn't sent, if it can't be */
export async function readMailedReport(
  request: RequestInfo,
  { tenantId, userId, savedReportId, ...days }: Days & {
    tenantId: string;
    userId: string;
    savedReportId: string;
  },
): Promise<MailedReport | { skipped: string }> {
  try {
    return await actAsUser(request, { kind: "person", tenantId, userId }, async (cx) => {
      const saved = await getSavedReport(cx, savedReportId);
      if (saved.outdated) return { skipped: "Not sent: the report's filters are out of date, save it again" };
      return await mailedReport(cx, saved, days);
    });
  } catch (error) {
    const reason = error instanceof DomainError ? reasonOf(error) : undefined;
    if (reason === undefined) throw error;
    return { skipped: `Not sent: ${reason}` };
  }
}

function reasonOf(error: DomainError): string | undefined {
  if (error.code === "unauthenticated") return "the recipient is deactivated";
  if (error.code === "not_found") return "the report was deleted, or the recipient may no longer see it";
  return error.code === "invalid" ? whyNot(error) : undefined;
}

/** @throws DomainError as {@link runReport} */
export async function mailedReport(cx: UserCx, saved: SavedReport, days: Days): Promise<MailedReport> {
  const { period: _, compare, ...query } = saved.query;
  const asked = { ...query, ...days, compare: compare === "year" ? compare : "previous" } as const;
  return {
    saved,
    result: await runReport(cx, saved.report, parse(ReportQuery, asked)),
    search: searchOf(asked),
    zone: cx.tenant.timeZone,
    subscribed: saved.schedule !== null && saved.recipients.some(({ id }) => id === cx.actor.id),
  };
}

/** `period=last-week&priority=urgent` */
export function searchOf(query: SavedQuery): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value ?? []].flat()) search.append(name, one);
  }
  return search;
}
