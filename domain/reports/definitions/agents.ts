import { sql } from "@/db/sql.ts";
import type { Population, Report } from "./report.ts";
import { count } from "./measures.ts";
import { RESOLUTIONS, RESOLVED_BY } from "./populations.ts";

const HELD = { facts: "report_stays", keys: { agent: sql`f.holder` } } as const;
const ASSIGNED: Population = {
  ...HELD,
  at: sql`f.from_at`,
  where: sql`f.kind = 'agent' and f.began <> 'reopened'`,
};
const LOAD: Population = { ...HELD, from: sql`f.from_at`, to: sql`f.to_at`, where: sql`f.kind = 'agent'` };
const REPLIES: Population = {
  facts: "report_acts",
  at: sql`f.at`,
  where: sql`f.kind = 'reply'`,
  keys: { agent: sql`f.agent_key` },
};

export const agents: Report = {
  name: "agents",
  title: "Agents",
  question: "Who does how much, and who has too much?",
  dimensions: ["agent", "time", "queue", "priority", "category"],
  measures: [
    count("assigned", ASSIGNED, { label: "Assigned", help: "Tickets that were assigned to them." }),
    count("resolved", RESOLVED_BY, {
      label: "Resolved",
      help: "Tickets that they resolved, whose resolution still stands.",
      moreIs: "good",
    }),
    count("answered", REPLIES, { label: "Answered", help: "Tickets in which they replied publicly." }),
    {
      name: "replies",
      label: "Replies",
      help: "Public replies to requesters.",
      unit: "replies",
      moreIs: null,
      kind: "value",
      of: REPLIES,
      value: sql`count(*)`,
    },
    count("reopened", RESOLUTIONS, {
      label: "Reopened",
      help: "Tickets that they resolved and that were reopened since.",
      moreIs: "bad",
    }, sql`f.undone`),
    count("load", LOAD, { label: "Load", help: "Open tickets assigned to them at the end." }),
  ],
  headline: "load",
  chart: { kind: "line", measures: ["assigned", "resolved", "load"], bars: ["assigned", "resolved", "load"] },
};
