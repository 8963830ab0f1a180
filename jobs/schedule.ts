import type { RequestInfo } from "@/domain/cx.ts";
import { checkAllFacts } from "./check_facts.ts";
import { cleanUp } from "./clean_up.ts";
import { closeAllResolved } from "./close_resolved.ts";
import { countAll } from "./count_facts.ts";
import { evaluateSla } from "./evaluate_sla.ts";
import { foldCounts } from "./fold_counts.ts";
import { indexSearch } from "./index_search.ts";
import { removeUnusedUploads } from "./remove_unused_uploads.ts";
import { resumeAllHandovers } from "./resume_handovers.ts";
import { rollOutSla } from "./roll_out_sla.ts";
import { sealAudits } from "./seal_audit.ts";
import { sendAllDueReports } from "./send_reports.ts";
import { sweepAllFiles } from "./sweep_files.ts";
import { wakeAllTickets } from "./wake_tickets.ts";

/** A job that runs by the clock, in every process: its statements see to it that nothing is done twice. */
export interface ScheduledJob {
  name: string;
  /** Starts nothing new once `signal` is aborted. */
  run: (request: RequestInfo, signal: AbortSignal) => Promise<unknown>;
  /** Runs half a minute after its time as well, so that nothing waits longer than a minute. */
  twice?: true;
}

export const EVERY_MINUTE: ScheduledJob[] = [
  { name: "wake workers", run: ({ services }) => Promise.resolve(services.wake()) },
  { name: "evaluate SLA clocks", run: evaluateSla, twice: true },
  { name: "wake tickets", run: wakeAllTickets, twice: true },
  { name: "fold ticket counts", run: foldCounts },
  { name: "roll out SLA policies", run: rollOutSla },
  { name: "index texts for search", run: indexSearch, twice: true },
  { name: "make report facts", run: countAll },
  { name: "send reports", run: sendAllDueReports },
  { name: "seal audit logs", run: sealAudits },
  { name: "remove unused uploads", run: removeUnusedUploads },
];

export const EVERY_HOUR: ScheduledJob[] = [
  { name: "close resolved tickets", run: closeAllResolved },
  { name: "clean up", run: cleanUp },
  { name: "check report facts", run: checkAllFacts },
  { name: "resume handovers", run: resumeAllHandovers },
  { name: "sweep files", run: sweepAllFiles },
];
