import { sql } from "@/db/sql.ts";
import type { Report } from "./report.ts";
import { count, share } from "./measures.ts";
import { RESOLUTIONS } from "./populations.ts";

export const reopened: Report = {
  name: "reopened",
  title: "Reopen rate",
  question: "How often does a resolution not hold?",
  dimensions: ["time", "agent", "queue", "category", "priority", "type"],
  measures: [
    count("resolved", RESOLUTIONS, {
      label: "Resolved",
      help: "Tickets that were resolved, also those that were reopened later.",
    }),
    count("reopened", RESOLUTIONS, {
      label: "Reopened since",
      help: "Of these, tickets that were reopened after that resolution.",
      moreIs: "bad",
    }, sql`f.undone`),
    share("rate", ["reopened", "resolved"], {
      label: "Reopen rate",
      help: "Reopened, of resolved.",
      moreIs: "bad",
    }),
  ],
  headline: "rate",
  chart: { kind: "line", measures: ["rate"] },
};
