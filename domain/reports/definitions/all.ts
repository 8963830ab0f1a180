import { DomainError } from "@/domain/errors.ts";
import type { Report } from "./report.ts";
import { type ReportName, REPORTS } from "@/domain/reports/model/names.ts";
import { agents } from "./agents.ts";
import { backlog } from "./backlog.ts";
import { breaches } from "./breaches.ts";
import { categories } from "./categories.ts";
import { firstResponse } from "./first_response.ts";
import { handOffs } from "./hand_offs.ts";
import { queues } from "./queues.ts";
import { reopened } from "./reopened.ts";
import { resolution } from "./resolution.ts";
import { satisfaction } from "./satisfaction.ts";
import { sla } from "./sla.ts";
import { volume } from "./volume.ts";

const BY_NAME: Readonly<Record<ReportName, Report>> = {
  volume,
  backlog,
  "first-response": firstResponse,
  resolution,
  sla,
  breaches,
  agents,
  queues,
  categories,
  reopened,
  satisfaction,
  "hand-offs": handOffs,
};

export const ALL_REPORTS: readonly Report[] = REPORTS.map((name) => BY_NAME[name]);

export function reportOf(name: ReportName): Report {
  return BY_NAME[name];
}

/** @throws DomainError invalid with the names that there are */
export function findReport(name: string): Report {
  const found = ALL_REPORTS.find((report) => report.name === name);
  if (found) return found;
  throw new DomainError("invalid", undefined, {
    errors: [{ path: "name", code: "unknown_report", message: `Must be one of ${REPORTS.join(", ")}` }],
  });
}
