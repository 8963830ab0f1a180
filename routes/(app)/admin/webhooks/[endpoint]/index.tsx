import { Badge } from "@/components/Badge.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { PropertyList } from "@/components/PropertyList.tsx";
import { Time } from "@/components/Time.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { moment } from "@/domain/shared/moment.ts";
import { parse, version } from "@/domain/validation.ts";
import { ListDeliveries, listDeliveries } from "@/domain/webhooks/deliveries.ts";
import { getEndpoint } from "@/domain/webhooks/endpoints.ts";
import { EditEndpoint, editEndpoint } from "@/domain/webhooks/write.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { DeliveryTable } from "./(_components)/DeliveryTable.tsx";
import { EndpointNotice } from "./(_components)/EndpointNotice.tsx";
import { EndpointState } from "./(_components)/EndpointState.tsx";
import { endpointLook, topicsText } from "@/routes/(app)/admin/webhooks/(_data)/webhook_labels.ts";

export const handler = formPage({
  roles: ADMINS,
  load: async (cx, ctx) => {
    const endpointId = idParam(ctx, "endpoint");
    const query = parse(ListDeliveries, Object.fromEntries(ctx.url.searchParams));
    const [endpoint, deliveries] = await Promise.all([
      getEndpoint(cx, endpointId),
      listDeliveries(cx, { ...query, endpointId }),
    ]);
    return { endpoint, deliveries, now: cx.now };
  },
  title: ({ endpoint }) => `Webhook to ${new URL(endpoint.url).host}`,
  schema: EditEndpoint.pick({ active: true }).extend({ version }),
  run: async (cx, input, ctx) => {
    const { id, active } = await editEndpoint(cx, { ...input, id: idParam(ctx, "endpoint") });
    return {
      to: `/admin/webhooks/${id}`,
      flash: active ? "Endpoint enabled. New events are sent again" : "Endpoint disabled. No events are sent",
    };
  },
});

export default define.page<typeof handler>(({ data, state, url }) => {
  const { endpoint, deliveries: { items, nextCursor }, form, now } = data;
  const reader = state.viewer!.actor;
  const href = `/admin/webhooks/${endpoint.id}`;
  const { label, tone } = endpointLook(endpoint);
  return (
    <div class="page">
      <PageHeader
        title={endpoint.description || new URL(endpoint.url).host}
        crumbs={[{ label: "Webhooks", href: "/admin/webhooks" }, { label: new URL(endpoint.url).host }]}
        meta={<Badge tone={tone}>{label}</Badge>}
        actions={
          <>
            <ButtonLink href={`${href}/edit`} icon="edit">Edit</ButtonLink>
            <form method="post" action={`${href}/test`}>
              <HiddenFields once />
              <Button icon="bolt" variant="primary">Send a test</Button>
            </form>
          </>
        }
      />
      <ErrorList form={form} unlinked />
      <EndpointNotice endpoint={endpoint} reader={reader} now={now} />
      {endpoint.overlapUntil && (
        <Banner kind="info">
          The secret was replaced. The previous one stays valid until{" "}
          <Time at={moment(endpoint.overlapUntil, reader, now)} absolute />.
        </Banner>
      )}
      <Card>
        <PropertyList
          items={[
            { label: "Address", value: <span class="url">{endpoint.url}</span> },
            { label: "Events", value: topicsText(endpoint) },
            { label: "Internal notes", value: endpoint.includeInternal ? "Included" : "Excluded" },
            { label: "Created", value: <Time at={moment(endpoint.createdAt, reader, now)} /> },
          ]}
        />
      </Card>
      <DeliveryTable
        deliveries={items}
        href={href}
        state={url.searchParams.get("state") ?? ""}
        reader={reader}
        now={now}
      />
      <Pager firstHref={firstHref(url)} nextHref={nextHref(url, nextCursor)} />
      <EndpointState endpoint={endpoint} href={href} />
    </div>
  );
});
