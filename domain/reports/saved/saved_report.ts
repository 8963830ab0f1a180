import type { Named } from "@/domain/shared/types.ts";
import type { MessageState } from "@/domain/messages/states.ts";
import type { ReportQuery } from "@/domain/reports/model/parameters.ts";
import type { Schedule } from "./schedule.ts";

/** Filters, period, comparison and order as they were chosen; what wasn't chosen isn't there. */
export type SavedQuery = Partial<ReportQuery>;

/** Why somebody was left out of a sending: they may not see the report any more. */
export const LEFT_OUT = ["deactivated", "not_staff", "not_shared"] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

export interface SentTo {
  person: Named;
  /** Null for whoever was left out, and once the message is deleted. */
  state: MessageState | null;
  /** The latest error, why it wasn't sent, or that its provider reports it as bounced, complained or failed. */
  note: string | null;
  leftOut: LeftOut | null;
}

/** The latest sending. Times are RFC 3339. */
export interface LastResult {
  at: string;
  /** Whether the schedule sent it; else somebody did. */
  scheduled: boolean;
  /** Why nobody was sent it, when the report couldn't be made; to stand within a sentence. */
  notSent: string | null;
  people: SentTo[];
}

export interface SavedReport extends Named {
  owner: Named;
  /** Whether all staff can use it. */
  shared: boolean;
  /** One of this version's reports, unless it is outdated. */
  report: string;
  query: SavedQuery;
  /** Whether an earlier version wrote what this one can't read: it isn't sent until it is saved again. */
  outdated: boolean;
  /** In the organisation's zone. */
  schedule: Schedule | null;
  recipients: Named[];
  nextRunAt: string | null;
  lastResult: LastResult | null;
  editable: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}
