import { Badge } from "@/components/Badge.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { WebhookDelivery } from "@/domain/webhooks/deliveries.ts";
import { topicLabel } from "@/domain/events/topics.ts";
import { STATE_LOOKS } from "@/routes/(app)/admin/webhooks/(_data)/webhook_labels.ts";

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
            <StackedTable caption="Messages, latest first" columns={["Event", "State", "Attempts", "When"]}>
              {deliveries.map((delivery) => (
                <Row key={delivery.id}>
                  <Cell class="c-title">
                    <a class="row-link" href={`${href}/deliveries/${delivery.id}`}>
                      {topicLabel(delivery.topic)}
                    </a>{" "}
                    {delivery.ticket && <span class="ticket-key">{delivery.ticket.key}</span>}
                    {delivery.note && <div class="muted small">{delivery.note}</div>}
                  </Cell>
                  <Cell>
                    <Badge tone={STATE_LOOKS[delivery.state].tone}>{STATE_LOOKS[delivery.state].label}</Badge>
                  </Cell>
                  <Cell>{attemptsText(delivery)}</Cell>
                  <Cell>
                    <Time at={moment(delivery.createdAt, reader, now)} />
                  </Cell>
                </Row>
              ))}
            </StackedTable>
          </Card>
        )}
    </>
  );
}

function attemptsText({ attempts, lastStatus }: WebhookDelivery): string {
  if (attempts === 0) return "–";
  return lastStatus === null ? String(attempts) : `${attempts}, last ${lastStatus}`;
}
