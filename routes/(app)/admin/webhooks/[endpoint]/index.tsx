import { type Context, page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { PropertyList } from "@/components/PropertyList.tsx";
import { Time } from "@/components/Time.tsx";
import { define, type State } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { moment } from "@/domain/shared/moment.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { ListDeliveries, listDeliveries, type WebhookDelivery } from "@/domain/webhooks/deliveries.ts";
import { getEndpoint, type WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";
import { EditEndpoint, editEndpoint } from "@/domain/webhooks/write.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";
import { DeliveryTable } from "./(_components)/DeliveryTable.tsx";
import { EndpointNotice } from "./(_components)/EndpointNotice.tsx";
import { EndpointState } from "./(_components)/EndpointState.tsx";
import { endpointLook, topicsText } from "@/routes/(app)/admin/webhooks/(_data)/words.ts";

interface Data {
  endpoint: WebhookEndpoint;
  deliveries: Page<WebhookDelivery>;
  form: FormState;
  now: string;
}

async function endpointData(ctx: Context<State>, form: FormState): Promise<Data> {
  const id = idIn(ctx.params.endpoint);
  const query = Object.fromEntries(ctx.url.searchParams);
  const data = await load(ctx, async (cx) => {
    const asked = parse(ListDeliveries, query);
    const [endpoint, deliveries] = await Promise.all([
      getEndpoint(cx, id),
      listDeliveries(cx, { ...asked, endpointId: id }),
    ]);
    return { endpoint, deliveries, now: cx.now };
  }, ADMINS);
  ctx.state.title = `Webhook to ${new URL(data.endpoint.url).host}`;
  return { ...data, form };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await endpointData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const id = idIn(ctx.params.endpoint);
    const result = await submit(ctx, {
      schema: EditEndpoint.pick({ version: true, active: true }),
      roles: ADMINS,
      run: async (cx, { version = 0, active }) => {
        const endpoint = await editEndpoint(cx, { id, version, active });
        return {
          to: `/admin/webhooks/${id}`,
          flash: endpoint.active
            ? "Endpoint enabled. New events are sent again"
            : "Endpoint disabled. No events are sent",
        };
      },
    });
    if (result instanceof Response) return result;
    return page(await endpointData(ctx, result.form), { status: result.status });
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
              <input type="hidden" name="idempotencyKey" value={crypto.randomUUID()} />
              <Button icon="bolt" variant="primary">Send a test</Button>
            </form>
          </>
        }
      />
      <FormErrors errors={Object.values(form.errors).map((message) => ({ field: "", message }))} />
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
      <Pager
        firstHref={url.searchParams.has("cursor") ? withQuery(url, null) : undefined}
        nextHref={nextCursor ? withQuery(url, nextCursor) : undefined}
      />
      <EndpointState endpoint={endpoint} href={href} />
    </div>
  );
});

function withQuery(url: URL, cursor: string | null): string {
  const next = new URLSearchParams([...url.searchParams].filter(([name]) => name !== "cursor"));
  if (cursor) next.set("cursor", cursor);
  return next.size > 0 ? `${url.pathname}?${next}` : url.pathname;
}
