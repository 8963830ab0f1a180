import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { type Property, PropertyList } from "@/components/PropertyList.tsx";
import { Time } from "@/components/Time.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { type DeliveryAttempt, type DeliveryDetail, getDelivery } from "@/domain/webhooks/deliveries.ts";
import { getEndpoint, type WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";
import { TEST_TOPIC, topicLabel } from "@/domain/events/topics.ts";
import { load } from "@/pages/load.ts";
import { idParam } from "@/pages/id_param.ts";
import { durationText, readable, STATE_LOOKS } from "@/routes/(app)/admin/webhooks/(_data)/webhook_labels.ts";

interface Data {
  endpoint: WebhookEndpoint;
  delivery: DeliveryDetail;
  now: string;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    const path = { endpointId: idParam(ctx, "endpoint"), id: idParam(ctx, "delivery") };
    const data = await load(ctx, async (cx) => {
      const [endpoint, delivery] = await Promise.all([
        getEndpoint(cx, path.endpointId),
        getDelivery(cx, path),
      ]);
      return { endpoint, delivery, now: cx.now };
    }, ADMINS);
    ctx.state.title = `Message: ${topicLabel(data.delivery.topic)}`;
    return page(data);
  },
});

export default define.page<typeof handler>(({ data: { endpoint, delivery, now }, state }) => {
  const reader = state.viewer!.actor;
  const href = `/admin/webhooks/${endpoint.id}`;
  const { label, tone } = STATE_LOOKS[delivery.state];
  const open = ["queued", "retrying", "sending"].includes(delivery.state);
  const sendable = delivery.state !== "sending" && (endpoint.active || delivery.topic === TEST_TOPIC);
  return (
    <div class="page">
      <PageHeader
        title={topicLabel(delivery.topic)}
        crumbs={[
          { label: "Webhooks", href: "/admin/webhooks" },
          { label: new URL(endpoint.url).host, href },
          { label: "Message" },
        ]}
        meta={<Badge tone={tone}>{label}</Badge>}
        actions={
          <>
            {open && (
              <ButtonLink href={`${href}/deliveries/${delivery.id}`} icon="refresh">Refresh</ButtonLink>
            )}
            {sendable && (
              <form method="post" action={`${href}/deliveries/${delivery.id}/redelivery`}>
                <Button variant="primary">{open ? "Send now" : "Send again"}</Button>
              </form>
            )}
          </>
        }
      />
      <Card>
        <PropertyList items={factsOf(delivery, reader, now)} />
      </Card>
      <Card title="Attempts">
        {delivery.attemptLog.length === 0
          ? <p class="muted">None yet. The first attempt follows in a moment.</p>
          : (
            <ol class="attempts">
              {delivery.attemptLog.map((attempt) => (
                <AttemptItem key={attempt.id} attempt={attempt} reader={reader} now={now} />
              ))}
            </ol>
          )}
      </Card>
      <Card title="Payload">
        {delivery.body === null
          ? <p class="muted">It is created at the first attempt and never changes after that.</p>
          : (
            <>
              <p class="hint">
                Identical at every attempt; only timestamp and signature change. Indented for reading.
              </p>
              <pre class="payload" tabIndex={0}>{readable(delivery.body)}</pre>
            </>
          )}
      </Card>
    </div>
  );
});

function factsOf(delivery: DeliveryDetail, reader: Reader, now: string): Property[] {
  const { id, topic, ticket, note, createdAt, nextAttemptAt } = delivery;
  return [
    { label: "Event", value: <code>{topic}</code> },
    ...(ticket ? [{ label: "Ticket", value: <a href={`/tickets/${ticket.key}`}>{ticket.key}</a> }] : []),
    { label: "Time", value: <Time at={moment(createdAt, reader, now)} absolute /> },
    ...(nextAttemptAt
      ? [{ label: "Next attempt", value: <Time at={moment(nextAttemptAt, reader, now)} /> }]
      : []),
    ...(note ? [{ label: delivery.state === "skipped" ? "Why" : "Last error", value: note }] : []),
    { label: "webhook-id", value: <code class="url">{id}</code> },
  ];
}

function AttemptItem({ attempt, reader, now }: { attempt: DeliveryAttempt; reader: Reader; now: string }) {
  const { at, url, status, error, answer, durationMs } = attempt;
  const arrived = status !== null && status >= 200 && status < 300;
  return (
    <li class="attempt">
      <div class="attempt-line">
        <Badge tone={arrived ? "green" : "red"}>{status ?? "No response"}</Badge>
        <Time at={moment(at, reader, now)} absolute />
        <span class="muted">{durationText(durationMs)}</span>
      </div>
      <p class="muted small url">POST {url}</p>
      {error && <p>{error}</p>}
      {answer && <pre class="payload" tabIndex={0} aria-label="Response">{answer}</pre>}
      {status !== null && !answer && <p class="muted small">The response was empty.</p>}
    </li>
  );
}
