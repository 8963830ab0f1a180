import { sql } from "@/db/sql.ts";
import type { Report } from "./report.ts";
import { count, share } from "./measures.ts";
import { RESOLVED_BY } from "./populations.ts";

export const handOffs: Report = {
  name: "hand-offs",
  title: "Hand-offs",
  question: "Through how many queues does a ticket go until it is resolved?",
  dimensions: ["queues", "time", "queue", "category", "agent", "priority", "type"],
  measures: [
    count("resolved", RESOLVED_BY, { label: "Resolved", help: "Tickets whose resolution still stands." }),
    count(
      "moved",
      RESOLVED_BY,
      { label: "Handed on", help: "Of these, tickets that were in more than one queue.", moreIs: "bad" },
      sql`t.queues > 1`,
    ),
    share("rate", ["moved", "resolved"], {
      label: "Share handed on",
      help: "Handed on, of resolved.",
      moreIs: "bad",
    }),
    {
      name: "average",
      label: "Queues, average",
      help: "How many queues a ticket was in, on average; one that came back counts again.",
      unit: "queues",
      moreIs: "bad",
      kind: "value",
      of: RESOLVED_BY,
      value: sql`avg(t.queues)`,
    },
    {
      name: "most",
      label: "Queues, most",
      help: "The most queues that one of these tickets was in.",
      unit: "queues",
      moreIs: "bad",
      kind: "value",
      of: RESOLVED_BY,
      value: sql`max(t.queues)`,
    },
  ],
  headline: "rate",
  chart: { kind: "line", measures: ["rate"], bars: ["resolved"] },
};
