import { Card } from "@/components/Card.tsx";
import { Stars } from "@/components/Stars.tsx";
import type { ReportComment } from "@/domain/reports/model/types.ts";

/** What people wrote with their ratings. */
export function ReportComments({ comments }: { comments: readonly ReportComment[] }) {
  return (
    <Card title="What people wrote">
      <ul class="report-comments">
        {comments.map(({ ticketKey, score, text, requester }) => (
          <li key={ticketKey}>
            <Stars score={score} /> <a href={`/tickets/${ticketKey}`} aria-current="false">{ticketKey}</a>
            {" "}
            <span class="hint">{requester}</span>
            <p dir="auto">{text}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
