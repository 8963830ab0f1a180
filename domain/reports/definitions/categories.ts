import { sql } from "@/db/sql.ts";
import type { Report } from "./report.ts";
import { between, count, share, times } from "./measures.ts";
import { CREATED, OPEN, REOPENED, RESOLVED_BY } from "./populations.ts";

export const categories: Report = {
  name: "categories",
  title: "Categories and requests",
  question: "What do people need, and what keeps us busy?",
  dimensions: ["category", "item", "time", "type"],
  measures: [
    count("created", CREATED, { label: "Created", help: "Tickets that were created." }),
    count("resolved", RESOLVED_BY, {
      label: "Resolved",
      help: "Tickets whose resolution still stands.",
      moreIs: "good",
    }),
    count("reopened", REOPENED, { label: "Reopened", help: "Tickets that were reopened.", moreIs: "bad" }),
    count("open", OPEN, { label: "Open", help: "Tickets that were open at the end.", moreIs: "bad" }),
    share("done", ["resolved", "created"], {
      label: "Resolved, of created",
      help: "Over 100% where more was resolved than came in.",
      moreIs: "good",
    }),
    ...times(RESOLVED_BY, {
      prefix: "elapsed",
      label: "Time to resolve",
      help: "From the creation to the resolution, nights and weekends too.",
      ms: between(sql`t.created_at`, sql`t.resolved_at`),
    }),
  ],
  headline: "created",
  chart: { kind: "line", measures: ["created", "resolved"] },
};
