import { type Sql, sql } from "@/db/sql.ts";
import type { Measure, Report } from "./report.ts";
import { count } from "./measures.ts";
import { OPEN, OPEN_IN_QUEUE } from "./populations.ts";

export const backlog: Report = {
  name: "backlog",
  title: "Backlog",
  question: "How much is open at the end of each day, and how old is it?",
  dimensions: ["time", "queue", "priority", "category", "agent", "type", "source"],
  measures: [
    count("open", OPEN, {
      label: "All open",
      help: "Tickets that were new, open, in progress or pending at the end.",
      moreIs: "bad",
    }),
    ofStatus("new", "new", "New"),
    ofStatus("inWork", "open", "Open"),
    ofStatus("inProgress", "in_progress", "In progress"),
    ofStatus("pending", "pending", "Pending"),
    {
      ...ofAge("upToOneDay", "Up to 1 day", null, "24 hours"),
      rest: { whole: "open", others: ["upToThreeDays", "upToOneWeek", "upToOneMonth", "older"] },
    },
    ofAge("upToThreeDays", "1 to 3 days", "24 hours", "72 hours"),
    ofAge("upToOneWeek", "3 to 7 days", "72 hours", "168 hours"),
    ofAge("upToOneMonth", "7 to 30 days", "168 hours", "720 hours"),
    ofAge("older", "Over 30 days", "720 hours", null),
  ],
  headline: "open",
  chart: {
    kind: "stacked",
    measures: ["new", "inWork", "inProgress", "pending"],
    bars: ["upToOneDay", "upToThreeDays", "upToOneWeek", "upToOneMonth", "older"],
  },
};

function ofStatus(name: string, status: string, label: string): Measure {
  const words = { label, help: `Open tickets that were ${label.toLowerCase()} at the end.` };
  return count(name, OPEN, words, sql`f.status = ${status}`);
}

/** The part of each open time in which the ticket has that age: days are 24 hours. */
function ofAge(
  name: string,
  label: string,
  over: string | null,
  upTo: string | null,
): Extract<Measure, { kind: "count" }> {
  const at = (age: string): Sql => sql`f.created_at + ${age}::interval`;
  const words = { label, help: `Open tickets that had been created ${label.toLowerCase()} before the end.` };
  return {
    ...count(name, OPEN_IN_QUEUE, words),
    span: {
      from: over === null ? sql`f.from_at` : sql`greatest(f.from_at, ${at(over)})`,
      to: upTo === null ? sql`f.to_at` : sql`least(f.to_at, ${at(upTo)})`,
    },
  };
}
