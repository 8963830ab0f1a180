import type { Priority } from "@/domain/tickets/model/priority.ts";
import type { Calendar } from "./calendar.ts";

export const METRICS = ["firstResponse", "resolution"] as const;
export type Metric = (typeof METRICS)[number];

/** What a row of the ledger does to the clocks it is about. */
export const LEDGER_KINDS = [
  /** The clocks begin. */
  "start",
  /** The ticket waits: the clock stands. */
  "pause",
  "resume",
  /** What the clock waits for has happened. */
  "met",
  /** The clock ends without that. */
  "stop",
  /** A clock that had ended goes on with what was left. */
  "reopen",
  /** Another policy, or another version of it, applies from here. */
  "policy",
  /** Business time is counted by another version of the calendar from here. */
  "calendar",
  /** Another priority, and so perhaps another target. */
  "priority",
  /** Another queue holds the ticket. */
  "handoff",
  /** The clock was found over its target: a remark, the clocks know it without. */
  "breach",
] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** A row of the ledger: what happened, and everything that holds from then on. */
export interface LedgerEntry {
  id: string;
  /** RFC 3339 in UTC. */
  at: string;
  kind: LedgerKind;
  /** Null when it is about both clocks. */
  metric: Metric | null;
  /** Null for the system. */
  actorId: string | null;
  /** Why, in a sentence for people. */
  rule: string;
  priority: Priority;
  queueId: string | null;
  policyVersionId: string;
  calendarVersionId: string;
}

/** What holds for a ticket's clocks. */
export type ClockSettings = Pick<
  LedgerEntry,
  "priority" | "queueId" | "policyVersionId" | "calendarVersionId"
>;

/** A row to be written: what it does, and why. */
export type LedgerEvent = Pick<LedgerEntry, "kind" | "metric" | "rule">;

/** Minutes of business time by priority; null where nothing is promised. */
export type Targets = Record<Priority, number | null>;

/** What a policy promises. */
export type PolicyTargets = Record<Metric, Targets>;

/** The immutable versions that a ledger names. */
export interface SlaVersions {
  /** Targets of a policy version. */
  targets(policyVersionId: string): PolicyTargets;
  calendar(calendarVersionId: string): Calendar;
}
