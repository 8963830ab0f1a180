import { StatusBadge } from "@/components/Badge.tsx";
import { Card } from "@/components/Card.tsx";
import type { Status } from "@/domain/tickets/model/states.ts";

/** A ticket to choose. */
export interface Match {
  key: string;
  title: string;
  status: Status;
}

/** Tickets to merge into, each with a link to what that would do. `href` is the page of the one that goes. */
export function MergeChoice({ title, tickets, href }: { title: string; tickets: Match[]; href: string }) {
  if (tickets.length === 0) return null;
  return (
    <Card title={title}>
      <ul class="link-list">
        {/* Without aria-current Fresh marks each as the page that is open: it doesn't look at queries. */}
        {tickets.map(({ key, title, status }) => (
          <li key={key} class="link-row">
            <a class="link-ticket" href={`${href}/merge?into=${key}`} aria-current="false">
              <span class="ticket-key">{key}</span>
              <span class="truncate">{title}</span>
            </a>
            <StatusBadge status={status} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
