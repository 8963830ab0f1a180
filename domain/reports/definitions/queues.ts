import { sql } from "@/db/sql.ts";
import type { Population, Report } from "./report.ts";
import { between, count, times } from "./measures.ts";

const HELD = { facts: "report_stays", where: sql`f.kind = 'queue'`, keys: { queue: sql`f.holder` } } as const;
const LEFT: Population = { ...HELD, at: sql`f.to_at` };

export const queues: Report = {
  name: "queues",
  title: "Queues",
  question: "What does each queue take in and get done, and how long does it hold a ticket?",
  dimensions: ["queue", "time", "priority", "category", "type"],
  measures: [
    count("arrived", { ...HELD, at: sql`f.from_at` }, {
      label: "In",
      help: "Tickets that came into the queue: created there, moved there, or reopened there.",
    }),
    count("left", LEFT, {
      label: "Out",
      help: "Tickets that left the queue: resolved, cancelled, closed, or moved elsewhere.",
    }),
    count("backlog", { ...HELD, from: sql`f.from_at`, to: sql`f.to_at` }, {
      label: "Backlog",
      help: "Open tickets in the queue at the end.",
      moreIs: "bad",
    }),
    ...times(LEFT, {
      prefix: "held",
      label: "Time held",
      help: "From when a ticket came into the queue to when it left it, nights and weekends too.",
      ms: between(sql`f.from_at`, sql`f.to_at`),
    }),
  ],
  headline: "backlog",
  chart: { kind: "line", measures: ["arrived", "left", "backlog"] },
};
