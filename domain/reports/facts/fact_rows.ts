import type { Metric } from "@/domain/sla/clock/ledger.ts";

/** Rows as the tables of reports keep them, without their organisation. Times are RFC 3339, or `infinity`. */
export interface TicketFact {
  id: string;
  created_at: string;
  status: string;
  type: string;
  source: string;
  priority: string;
  category_id: string | null;
  queue_key: string;
  assignee_key: string;
  item_id: string | null;
  policy_id: string | null;
  queues: number;
  replied_at: string | null;
  replied_by: string | null;
  reply_business_ms: number | null;
  resolved_at: string | null;
  resolved_by: string | null;
  resolve_business_ms: number | null;
  reopened_at: string | null;
  reply_started_at: string | null;
  reply_over_at: string | null;
  reply_outcome: Outcome | null;
  resolve_started_at: string | null;
  resolve_over_at: string | null;
  resolve_outcome: Outcome | null;
  score: number | null;
}

export type Outcome = "met" | "breached" | "stopped";

export interface StayFact {
  id: string;
  kind: "status" | "queue" | "agent";
  position: number;
  status: string | null;
  holder: string | null;
  from_at: string;
  to_at: string;
  began: "created" | "moved" | "reopened";
  ended: "moved" | "resolved" | "cancelled" | "closed" | null;
  created_at: string;
}

export interface ActFact {
  id: string;
  kind: "reply" | "resolution";
  position: number;
  at: string;
  agent_key: string;
  undone: boolean;
}

export interface BreachFact {
  id: string;
  metric: Metric;
  position: number;
  over_at: string;
  queue_key: string;
  agent_key: string;
  business_ms: number;
}

export interface Facts {
  ticket: TicketFact;
  stays: StayFact[];
  acts: ActFact[];
  breaches: BreachFact[];
}

/** @param ms epoch milliseconds; Infinity while something lasts */
export function timeOf(ms: number): string {
  return ms === Infinity ? "infinity" : new Date(ms).toISOString();
}
