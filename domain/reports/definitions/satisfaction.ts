import { sql } from "@/db/sql.ts";
import type { Measure, Report } from "./report.ts";
import { count, share } from "./measures.ts";
import { RESOLVED_BY } from "./populations.ts";

const SCORES = ["Bad", "Poor", "Fair", "Good", "Excellent"];

export const satisfaction: Report = {
  name: "satisfaction",
  title: "Satisfaction",
  question: "Are people happy with how we resolved their tickets?",
  dimensions: ["time", "queue", "agent", "category", "priority", "type"],
  measures: [
    count("resolved", RESOLVED_BY, { label: "Resolved", help: "Tickets whose resolution still stands." }),
    count(
      "rated",
      RESOLVED_BY,
      { label: "Rated", help: "Of these, tickets that their requester rated." },
      sql`t.score is not null`,
    ),
    share("responseRate", ["rated", "resolved"], {
      label: "Response rate",
      help: "Rated, of resolved.",
      moreIs: "good",
    }),
    {
      name: "average",
      label: "Average",
      help: "The sum of the scores, 1 to 5, over the number of rated tickets.",
      unit: "score",
      moreIs: "good",
      kind: "value",
      of: RESOLVED_BY,
      value: sql`avg(t.score)`,
      where: sql`t.score is not null`,
    },
    ...SCORES.map((label, i): Measure =>
      count(
        `score${i + 1}`,
        RESOLVED_BY,
        { label: `${i + 1}: ${label}`, help: `Tickets rated ${i + 1} of 5.` },
        sql`t.score = ${i + 1}::integer`,
      )
    ),
  ],
  headline: "average",
  chart: {
    kind: "line",
    measures: ["average"],
    bars: ["score1", "score2", "score3", "score4", "score5"],
  },
  comments: true,
};
