import { type Sql, sql } from "@/db/sql.ts";
import type { Measure, Population, Report } from "./report.ts";
import { count, share } from "./measures.ts";

export const sla: Report = {
  name: "sla",
  title: "SLA attainment",
  question: "Do we keep our promises?",
  dimensions: ["time", "priority", "policy", "queue", "category", "type", "agent"],
  measures: [
    ...clock("reply", "First response", {
      started: sql`t.reply_started_at`,
      over: sql`t.reply_over_at`,
      outcome: sql`t.reply_outcome`,
    }),
    ...clock("resolve", "Resolution", {
      started: sql`t.resolve_started_at`,
      over: sql`t.resolve_over_at`,
      outcome: sql`t.resolve_outcome`,
    }),
  ],
  headline: "resolveAttainment",
  chart: { kind: "line", measures: ["replyAttainment", "resolveAttainment"] },
};

function clock(
  prefix: string,
  label: string,
  { started, over, outcome }: { started: Sql; over: Sql; outcome: Sql },
): Measure[] {
  const [met, breached] = [`${prefix}Met`, `${prefix}Breached`];
  const ended: Population = { at: over };
  return [
    count(
      met,
      ended,
      {
        label: `${label}: met`,
        help: "Tickets whose target was met, at the time that it was.",
        moreIs: "good",
      },
      sql`${outcome} = 'met'`,
    ),
    // A clock that still runs is breached once its time is over.
    count(
      breached,
      ended,
      {
        label: `${label}: breached`,
        help: "Tickets whose target was breached for the first time, whatever came later.",
        moreIs: "bad",
      },
      sql`(${outcome} = 'breached' or ${outcome} is null)`,
    ),
    count(`${prefix}Running`, { from: started, to: over }, {
      label: `${label}: running`,
      help: "Tickets whose target was neither met nor breached at the end; paused ones too.",
    }),
    share(`${prefix}Attainment`, [met, met, breached], {
      label: `${label}: attainment`,
      help: "Met, of met and breached.",
      moreIs: "good",
    }),
  ];
}
