import { StatusBadge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { MarkedText } from "@/components/MarkedText.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { FoundTicket } from "@/domain/search/tickets.ts";
import { MATCHED_LABELS } from "@/domain/search/wording.ts";

/** Tickets that match, each with where it matches; `more` says whether there are others. */
export function FoundTickets({ tickets, more, q, reader, now }: {
  tickets: FoundTicket[];
  more: boolean;
  q: string;
  reader: Reader;
  now: string;
}) {
  if (tickets.length === 0) return <p class="found-none">No tickets match.</p>;
  return (
    <>
      <ul class="found-list">
        {tickets.map((ticket) => (
          <li key={ticket.id} class="found">
            <div class="found-head">
              <span class="ticket-key">{ticket.key}</span>
              <a class="row-link found-title" href={`/tickets/${ticket.key}`}>
                <MarkedText marked={ticket.title} />
              </a>
              <StatusBadge status={ticket.status} />
            </div>
            {ticket.snippet && (
              <p class="found-snippet">
                <MarkedText marked={ticket.snippet} />
              </p>
            )}
            <p class="found-meta">
              {MATCHED_LABELS[ticket.matchedIn] && <span>{MATCHED_LABELS[ticket.matchedIn]}</span>}
              <span>
                <MarkedText marked={ticket.requester.name} />
              </span>
              <Time at={moment(ticket.updatedAt, reader, now)} />
            </p>
          </li>
        ))}
      </ul>
      <div class="found-more">
        <ButtonLink href={`/tickets?status=&q=${encodeURIComponent(q)}`} size="sm">
          {more ? "Show all as a list" : "Show as a list"}
        </ButtonLink>
      </div>
    </>
  );
}
