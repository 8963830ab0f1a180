import type { Report } from "./report.ts";
import { count } from "./measures.ts";
import { CREATED, REOPENED, RESOLVED_BY } from "./populations.ts";

export const volume: Report = {
  name: "volume",
  title: "Volume",
  question: "How much comes in, and how much do we get done?",
  dimensions: ["time", "source", "type", "category", "queue", "priority", "agent"],
  measures: [
    count("created", CREATED, { label: "Created", help: "Tickets that were created." }),
    count("resolved", RESOLVED_BY, {
      label: "Resolved",
      help: "Tickets whose resolution still stands: reopening a ticket takes it back.",
      moreIs: "good",
    }),
    count("reopened", REOPENED, {
      label: "Reopened",
      help: "Tickets that were reopened, each at the last time.",
      moreIs: "bad",
    }),
  ],
  headline: "created",
  chart: { kind: "line", measures: ["created", "resolved", "reopened"] },
};
