import { Card } from "@/components/Card.tsx";
import { Stars } from "@/components/Stars.tsx";
import type { ReportComment } from "@/domain/reports/model/types.ts";

/** On the page; all of them are in the files. */
const MOST = 20;

/** What people wrote with their ratings, the newest. */
export function ReportComments({ comments }: { comments: readonly ReportComment[] }) {
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
      {comments.length > MOST && (
        <p class="hint">These are the newest {MOST} of {comments.length}. “Comments as CSV” has more.</p>
      )}
    </Card>
  );
}
