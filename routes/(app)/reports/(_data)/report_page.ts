import type { Context } from "fresh";
import type { Filter } from "@/components/FilterMenu.tsx";
import type { State } from "@/define.ts";
import type { UserCx } from "@/domain/cx.ts";
import { DomainError } from "@/domain/errors.ts";
import { listReports, type ReportInfo } from "@/domain/reports/list.ts";
import { ReportQuery } from "@/domain/reports/model/parameters.ts";
import type { ReportResult } from "@/domain/reports/model/types.ts";
import { runReport } from "@/domain/reports/run.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { readQuery } from "@/pages/query.ts";
import { queryOf } from "./report_query.ts";
import { shapeFilters, ticketFilters, withChosen } from "./report_filters.ts";
import { loadReport } from "./load_report.ts";

/** What the page of a report shows. */
export interface ReportPageData {
  report: ReportInfo;
  /** Null while what was asked for isn't valid. */
  result: ReportResult | null;
  shape: ReturnType<typeof shapeFilters>;
  filters: Filter[];
  search: URLSearchParams;
  /** What is wrong, by field. */
  wrong: Readonly<Record<string, string>>;
}

/** Null where there is no report of that name. @throws DomainError not_found for whoever isn't staff */
export async function reportPage(ctx: Context<State>): Promise<ReportPageData | null> {
  const search = ctx.url.searchParams;
  return await loadReport(ctx, async (cx) => {
    const report = listReports(cx).find(({ name }) => name === ctx.params.report);
    if (!report) return null;
    ctx.state.title = report.title;
    const [{ result, wrong }, choices] = await Promise.all([
      resultOf(cx, report, search),
      ticketChoices(cx, { staff: true }),
    ]);
    const days = search.has("from") || search.has("to");
    const chosen = {
      period: result?.filters.preset ?? search.get("period") ?? (days ? "custom" : "last-30-days"),
      by: result?.by.name ?? search.get("by") ?? report.by[0]!,
      interval: result?.filters.interval ?? search.get("interval") ?? "day",
      compare: search.get("compare") ?? "none",
      timeZone: result?.filters.timeZone ?? search.get("timeZone") ?? cx.tenant.timeZone,
    };
    const zones = [...new Set([cx.tenant.timeZone, cx.actor.timeZone, "UTC", chosen.timeZone])];
    return {
      report,
      result,
      wrong,
      search,
      shape: shapeFilters(report, chosen, zones),
      filters: await withChosen(cx, ticketFilters(search, choices)),
    };
  });
}

async function resultOf(
  cx: UserCx,
  { name }: ReportInfo,
  search: URLSearchParams,
): Promise<Pick<ReportPageData, "result" | "wrong">> {
  const { input, wrong } = readQuery(ReportQuery, queryOf(search));
  if (input === null) return { result: null, wrong: Object.fromEntries(wrong) };
  try {
    return { result: await runReport(cx, name, input), wrong: {} };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "invalid") throw error;
    const errors = (error.facts.errors ?? []).map(({ path, message }) => [path, message]);
    return { result: null, wrong: Object.fromEntries(errors) };
  }
}
