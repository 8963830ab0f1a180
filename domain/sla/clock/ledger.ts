import type { Priority } from "@/domain/tickets/model/priority.ts";
import type { Calendar } from "./calendar.ts";

export const METRICS = ["firstResponse", "resolution"] as const;
export type Metric = (typeof METRICS)[number];

export const LEDGER_KINDS = [
  "start",
  /** Pending: the clock stands still. */
  "pause",
  "resume",
  "met",
  /** The clock ends without being met. */
  "stop",
  /** An ended clock continues with the time left. */
  "reopen",
  /** Another policy, or another version of it. */
  "policy",
  /** Another version of the calendar. */
  "calendar",
  "priority",
  /** Another queue. */
  "handoff",
  /** Informative: the clocks know a breach without it. */
  "breach",
] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** What happened, and the settings that apply from then on. */
export interface LedgerEntry {
  id: string;
  at: string;
  kind: LedgerKind;
  /** Null for both clocks. */
  metric: Metric | null;
  /** Null for the system. */
  actorId: string | null;
  /** Why, as a sentence. */
  rule: string;
  priority: Priority;
  queueId: string | null;
  policyVersionId: string;
  calendarVersionId: string;
}

export type ClockSettings = Pick<
  LedgerEntry,
  "priority" | "queueId" | "policyVersionId" | "calendarVersionId"
>;

/** An event to append: what it does, and why. */
export type LedgerEvent = Pick<LedgerEntry, "kind" | "metric" | "rule">;

/** Business minutes by priority; null for no target. */
export type Targets = Record<Priority, number | null>;

export type PolicyTargets = Record<Metric, Targets>;

/** Immutable versions by id. */
export interface SlaVersions {
  targets(policyVersionId: string): PolicyTargets;
  calendar(calendarVersionId: string): Calendar;
}
