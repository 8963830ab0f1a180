import { Card } from "@/components/Card.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { PropertyList } from "@/components/PropertyList.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { version } from "@/domain/validation.ts";
import { getEndpoint, type WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";
import { EditEndpoint, editEndpoint } from "@/domain/webhooks/write.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { EndpointForm } from "@/routes/(app)/admin/webhooks/(_components)/EndpointForm.tsx";
import { endpointInput } from "@/routes/(app)/admin/webhooks/(_data)/endpoint_form.ts";
import { eventsText } from "@/routes/(app)/admin/webhooks/(_data)/webhook_labels.ts";

export const handler = formPage({
  roles: ADMINS,
  load: async (cx, ctx) => ({ endpoint: await getEndpoint(cx, idParam(ctx, "endpoint")) }),
  title: "Edit webhook endpoint",
  schema: EditEndpoint.extend({ version }),
  prepare: endpointInput,
  run: async (cx, input, ctx) => {
    const { id } = await editEndpoint(cx, { ...input, id: idParam(ctx, "endpoint") });
    return { to: `/admin/webhooks/${id}`, flash: "Endpoint saved" };
  },
});

export default define.page<typeof handler>(({ data: { endpoint, form } }) => {
  const href = `/admin/webhooks/${endpoint.id}`;
  return (
    <div class="page page-narrow">
      <PageHeader
        title="Edit endpoint"
        crumbs={[
          { label: "Webhooks", href: "/admin/webhooks" },
          { label: new URL(endpoint.url).host, href },
          { label: "Edit" },
        ]}
      />
      <StaleNotice form={form} href={`${href}/edit`} />
      {form.refusal?.code === "stale_version" && <Saved endpoint={endpoint} />}
      <EndpointForm endpoint={endpoint} form={form} cancelHref={href} />
    </div>
  );
});

function Saved({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { url, description, includeInternal, active } = endpoint;
  return (
    <Card title="Saved by someone else">
      <PropertyList
        items={[
          { label: "Address", value: <span class="url">{url}</span> },
          { label: "Description", value: description || "–" },
          {
            label: "Events",
            value: eventsText(endpoint) + (includeInternal ? ", including internal ones" : ""),
          },
          { label: "State", value: active ? "Active" : "Disabled" },
        ]}
      />
    </Card>
  );
}
