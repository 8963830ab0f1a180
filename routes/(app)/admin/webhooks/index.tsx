import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { listEndpoints, type WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";
import { load } from "@/pages/load.ts";
import { endpointLook, eventsText } from "./(_data)/words.ts";

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
    <Pager
      firstHref={url.searchParams.has("cursor") ? url.pathname : undefined}
      nextHref={nextCursor ? `${url.pathname}?cursor=${encodeURIComponent(nextCursor)}` : undefined}
    />
  </div>
));

function EndpointTable({ items }: { items: WebhookEndpoint[] }) {
  return (
    <div class="table-wrap">
      {/* Roles are written out because a changed display takes them away in some browsers. */}
      <table class="table stacks" role="table">
        <caption class="visually-hidden">Webhook endpoints</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Address</th>
            <th scope="col" role="columnheader">Events</th>
            <th scope="col" role="columnheader">State</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {items.map((endpoint) => {
            const { label, tone } = endpointLook(endpoint);
            return (
              <tr key={endpoint.id} role="row">
                <td class="c-title" role="cell">
                  <a class="row-link url" href={`/admin/webhooks/${endpoint.id}`}>{endpoint.url}</a>
                  {endpoint.description && <div class="muted small">{endpoint.description}</div>}
                </td>
                <td class="nowrap" role="cell">{eventsText(endpoint)}</td>
                <td role="cell">
                  <Badge tone={tone}>{label}</Badge>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
