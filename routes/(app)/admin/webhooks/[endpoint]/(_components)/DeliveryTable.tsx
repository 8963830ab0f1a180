import { Badge } from "@/components/Badge.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { WebhookDelivery } from "@/domain/webhooks/deliveries.ts";
import { topicLabel } from "@/domain/events/topics.ts";
import { STATE_LOOKS } from "@/routes/(app)/admin/webhooks/(_data)/words.ts";

const TABS = [
  { state: "", label: "All messages" },
  { state: "failed", label: "Failed" },
  { state: "retrying", label: "Retrying" },
];

interface Props {
  deliveries: WebhookDelivery[];
  /** Address of the endpoint's page. */
  href: string;
  /** Empty for all states. */
  state: string;
  reader: Reader;
  now: string;
}

/** Messages of an endpoint, latest first. */
export function DeliveryTable({ deliveries, href, state, reader, now }: Props) {
  return (
    <>
      <Tabs
        label="Messages"
        tabs={TABS.map((tab) => ({
          href: tab.state ? `${href}?state=${tab.state}` : href,
          label: tab.label,
          current: tab.state === state,
        }))}
      />
      {deliveries.length === 0
        ? (
          <EmptyState icon="inbox" title={state ? "No matching messages" : "Nothing sent yet"}>
            {state ? "" : "Send a test, or wait for the next event."}
          </EmptyState>
        )
        : (
          <Card flush>
            <div class="table-wrap">
              {/* Roles are written out because a changed display takes them away in some browsers. */}
              <table class="table stacks" role="table">
                <caption class="visually-hidden">Messages, latest first</caption>
                <thead role="rowgroup">
                  <tr role="row">
                    <th scope="col" role="columnheader">Event</th>
                    <th scope="col" role="columnheader">State</th>
                    <th scope="col" role="columnheader">Attempts</th>
                    <th scope="col" role="columnheader">When</th>
                  </tr>
                </thead>
                <tbody role="rowgroup">
                  {deliveries.map((delivery) => (
                    <tr key={delivery.id} role="row">
                      <td class="c-title" role="cell">
                        <a class="row-link" href={`${href}/deliveries/${delivery.id}`}>
                          {topicLabel(delivery.topic)}
                        </a>
                        {delivery.ticket && " "}
                        {delivery.ticket && <span class="ticket-key">{delivery.ticket.key}</span>}
                        {delivery.note && <div class="muted small">{delivery.note}</div>}
                      </td>
                      <td role="cell">
                        <Badge tone={STATE_LOOKS[delivery.state].tone}>
                          {STATE_LOOKS[delivery.state].label}
                        </Badge>
                      </td>
                      <td role="cell">{attemptsText(delivery)}</td>
                      <td role="cell">
                        <Time at={moment(delivery.createdAt, reader, now)} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Card>
        )}
    </>
  );
}

function attemptsText({ attempts, lastStatus }: WebhookDelivery): string {
  if (attempts === 0) return "–";
  return lastStatus === null ? String(attempts) : `${attempts}, last ${lastStatus}`;
}
