import { sql } from "@/db/sql.ts";
import type { Measure, Population, Report } from "./report.ts";
import { count } from "./measures.ts";

const SHARES: Population = {
  facts: "report_breaches",
  at: sql`f.over_at`,
  keys: { queue: sql`f.queue_key`, agent: sql`f.agent_key` },
};

export const breaches: Report = {
  name: "breaches",
  title: "Breach attribution",
  question: "Where did the time go before a target was breached?",
  dimensions: ["queue", "agent", "time", "priority", "policy", "category"],
  measures: [
    count("tickets", SHARES, {
      label: "Tickets",
      help: "Tickets with a breach, each with whoever held it before then.",
      moreIs: "bad",
    }),
    minutes("replyMinutes", "First response", "firstResponse"),
    minutes("resolveMinutes", "Resolution", "resolution"),
  ],
  headline: "tickets",
  chart: { kind: "line", measures: ["tickets"], bars: ["replyMinutes", "resolveMinutes"] },
};

function minutes(name: string, label: string, metric: string): Measure {
  const ofMetric = sql`f.metric = ${metric}`;
  return {
    name,
    label: `${label}: time held`,
    help: "Business time of breached targets that passed there before the breach.",
    unit: "minutes",
    moreIs: "bad",
    kind: "value",
    of: SHARES,
    value: sql`sum(f.business_ms) filter (where ${ofMetric}) / 60000.0`,
    where: ofMetric,
  };
}
