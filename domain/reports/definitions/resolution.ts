import { sql } from "@/db/sql.ts";
import type { Report } from "./report.ts";
import { between, count, times } from "./measures.ts";
import { RESOLVED_BY } from "./populations.ts";

export const resolution: Report = {
  name: "resolution",
  title: "Resolution",
  question: "How long does it take until a ticket is resolved?",
  dimensions: ["time", "priority", "queue", "agent", "category", "type", "source"],
  measures: [
    count("resolved", RESOLVED_BY, {
      label: "Resolved",
      help: "Tickets whose resolution still stands.",
      moreIs: "good",
    }),
    ...times(RESOLVED_BY, {
      prefix: "business",
      label: "Business time",
      help:
        "What the resolution clock counted: within the hours of the SLA's calendar, without pending time.",
      ms: sql`t.resolve_business_ms`,
    }),
    ...times(RESOLVED_BY, {
      prefix: "elapsed",
      label: "Elapsed time",
      help: "From the creation to the resolution, nights, weekends and pending time too.",
      ms: between(sql`t.created_at`, sql`t.resolved_at`),
    }),
  ],
  headline: "businessP50",
  chart: { kind: "line", measures: ["businessP50", "businessP90"] },
};
