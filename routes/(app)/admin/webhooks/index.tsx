import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { listEndpoints, type WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";
import { load } from "@/pages/load.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { endpointLook, eventsText } from "./(_data)/webhook_labels.ts";

interface Data {
  endpoints: Page<WebhookEndpoint>;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Webhooks";
    const query = Object.fromEntries(ctx.url.searchParams);
    return page({ endpoints: await load(ctx, (cx) => listEndpoints(cx, parse(PageOf, query)), ADMINS) });
  },
});

export default define.page<typeof handler>(({ data: { endpoints: { items, nextCursor } }, url }) => (
  <div class="page">
    <PageHeader
      title="Webhooks"
      actions={items.length > 0 && (
        <ButtonLink href="/admin/webhooks/new" icon="plus" variant="primary">New endpoint</ButtonLink>
      )}
    />
    {items.length > 0
      ? (
        <Card flush>
          <EndpointTable items={items} />
        </Card>
      )
      : (
        <EmptyState
          icon="link"
          title="No webhooks yet"
          actions={
            <ButtonLink href="/admin/webhooks/new" icon="plus" variant="primary">Add endpoint</ButtonLink>
          }
        >
          Send events to your chat, monitoring or other systems as they happen.
        </EmptyState>
      )}
    <Pager firstHref={firstHref(url)} nextHref={nextHref(url, nextCursor)} />
  </div>
));

function EndpointTable({ items }: { items: WebhookEndpoint[] }) {
  return (
    <StackedTable caption="Webhook endpoints" columns={["Address", "Events", "State"]}>
      {items.map((endpoint) => {
        const { label, tone } = endpointLook(endpoint);
        return (
          <Row key={endpoint.id}>
            <Cell class="c-title">
              <a class="row-link url" href={`/admin/webhooks/${endpoint.id}`}>{endpoint.url}</a>
              {endpoint.description && <div class="muted small">{endpoint.description}</div>}
            </Cell>
            <Cell class="nowrap">{eventsText(endpoint)}</Cell>
            <Cell>
              <Badge tone={tone}>{label}</Badge>
            </Cell>
          </Row>
        );
      })}
    </StackedTable>
  );
}
