import { Card } from "@/components/Card.tsx";
import { Stars } from "@/components/Stars.tsx";
import { newestComments } from "@/domain/reports/model/wording.ts";
import type { ReportComment } from "@/domain/reports/model/types.ts";

/** On the page; the files have more. */
const MOST = 20;

/** What people wrote with their ratings, the newest. @param count how many comments there are in all */
export function ReportComments({ comments, count }: { comments: readonly ReportComment[]; count: number }) {
  const newest = newestComments({ comments, commentCount: count });
  return (
    <Card title="What people wrote">
      <ul class="report-comments">
        {comments.slice(0, MOST).map(({ ticketKey, score, text, requester }) => (
          <li key={ticketKey}>
            <Stars score={score} /> <a href={`/tickets/${ticketKey}`} aria-current="false">{ticketKey}</a>
            {" "}
            <span class="hint">{requester}</span>
            <p dir="auto">{text}</p>
          </li>
        ))}
      </ul>
      {count > MOST && (
        <p class="hint">
          These are the newest {MOST} of {count.toLocaleString("en")}. “Comments as CSV” has{" "}
          {newest ?? "all of them"}.
        </p>
      )}
    </Card>
  );
}
