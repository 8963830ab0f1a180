import { StatusBadge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Time } from "@/components/Time.tsx";
import type { NextStep, Requests } from "@/domain/dashboard/model.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { FigureCard } from "./FigureCard.tsx";

/** A requester's home: what they asked for, and what happens next. */
export function RequestsPart({ requests, reader, now }: { requests: Requests; reader: Reader; now: string }) {
  const { open, pending, resolved, items } = requests;
  return (
    <>
      <div class="cards">
        <FigureCard label="Open" figure={open} icon="inbox" />
        <FigureCard label="Pending" figure={pending} icon="clock" />
        <FigureCard label="Resolved" figure={resolved} icon="check" />
      </div>
      <Card title="My requests" flush>
        {items.length === 0 && (
          <EmptyState
            icon="check"
            title="You have no open requests"
            actions={<ButtonLink href="/tickets/new" icon="plus">Ask for help</ButtonLink>}
          />
        )}
        {items.length > 0 && (
          <ul class="plain home-requests">
            {items.map(({ ticket, nextStep }) => (
              <li key={ticket.id}>
                <div class="home-request">
                  <a class="row-link" href={`/tickets/${ticket.key}`}>
                    <bdi>{ticket.title}</bdi>
                  </a>
                  <Step step={nextStep} />
                </div>
                <div class="home-request-meta">
                  <span class="ticket-key">{ticket.key}</span>
                  <StatusBadge status={ticket.status} />
                  <Time at={moment(ticket.updatedAt, reader, now)} />
                </div>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

const ICONS = { you: "arrow", desk: "clock", nobody: "info" } as const;

function Step({ step: { text, turn } }: { step: NextStep }) {
  return (
    <p class={turn === "you" ? "home-step is-yours" : "home-step"}>
      <Icon name={ICONS[turn]} size="sm" />
      <bdi>{text}</bdi>
    </p>
  );
}
