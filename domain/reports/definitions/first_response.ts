import { sql } from "@/db/sql.ts";
import type { Report } from "./report.ts";
import { between, count, times } from "./measures.ts";
import { REPLIED } from "./populations.ts";

export const firstResponse: Report = {
  name: "first-response",
  title: "First response",
  question: "How long do people wait for a first answer?",
  dimensions: ["time", "priority", "queue", "agent", "category", "type", "source"],
  measures: [
    count("answered", REPLIED, {
      label: "First answered",
      help: "Tickets that staff answered publicly for the first time.",
    }),
    ...times(REPLIED, {
      prefix: "business",
      label: "Business time",
      help: "From the start of the clock to the first answer, within the hours of the SLA's calendar.",
      ms: sql`t.reply_business_ms`,
    }),
    ...times(REPLIED, {
      prefix: "elapsed",
      label: "Elapsed time",
      help: "From the creation to the first answer, nights and weekends too.",
      ms: between(sql`t.created_at`, sql`t.replied_at`),
    }),
  ],
  headline: "businessP50",
  chart: { kind: "line", measures: ["businessP50", "businessP90"] },
};
