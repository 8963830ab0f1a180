import { sql } from "@/db/sql.ts";
import type { Population } from "./report.ts";

export const CREATED: Population = { at: sql`t.created_at` };

/** By who resolved them. */
export const RESOLVED_BY: Population = {
  at: sql`t.resolved_at`,
  keys: { agent: sql`coalesce(t.resolved_by, t.assignee_key)` },
};

export const REOPENED: Population = { at: sql`t.reopened_at` };

/** By who replied. */
export const REPLIED: Population = {
  at: sql`t.replied_at`,
  keys: { agent: sql`coalesce(t.replied_by, t.assignee_key)` },
};

/** New, open, in progress or pending. */
export const OPEN: Population = {
  facts: "report_stays",
  from: sql`f.from_at`,
  to: sql`f.to_at`,
  where: sql`f.kind = 'status'`,
};

/** The same times, cut by queue: of tickets that are open there are fewer rows. */
export const OPEN_IN_QUEUE: Population = { ...OPEN, where: sql`f.kind = 'queue'` };

/** Resolutions, those that were taken back by a reopening too. A ticket may have several. */
export const RESOLUTIONS: Population = {
  facts: "report_acts",
  at: sql`f.at`,
  where: sql`f.kind = 'resolution'`,
  keys: { agent: sql`f.agent_key` },
};
