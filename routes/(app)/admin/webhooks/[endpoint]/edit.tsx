import { type Context, page } from "fresh";
import { Card } from "@/components/Card.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { PropertyList } from "@/components/PropertyList.tsx";
import { define, type State } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { getEndpoint, type WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";
import { EditEndpoint, editEndpoint } from "@/domain/webhooks/write.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";
import { EndpointForm } from "@/routes/(app)/admin/webhooks/(_components)/EndpointForm.tsx";
import { endpointInput } from "@/routes/(app)/admin/webhooks/(_data)/endpoint_form.ts";
import { eventsText } from "@/routes/(app)/admin/webhooks/(_data)/words.ts";

interface Data {
  endpoint: WebhookEndpoint;
  form: FormState;
}

async function editData(ctx: Context<State>, form: FormState): Promise<Data> {
  ctx.state.title = "Edit webhook endpoint";
  return { endpoint: await load(ctx, (cx) => getEndpoint(cx, idIn(ctx.params.endpoint)), ADMINS), form };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await editData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const id = idIn(ctx.params.endpoint);
    const result = await submit(ctx, {
      schema: EditEndpoint,
      roles: ADMINS,
      prepare: endpointInput,
      run: async (cx, { version = 0, ...edit }) => {
        await editEndpoint(cx, { ...edit, version, id });
        return { to: `/admin/webhooks/${id}`, flash: "Saved" };
      },
    });
    if (result instanceof Response) return result;
    return page(await editData(ctx, result.form), { status: result.status });
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
      {form.refusal?.code === "stale_version" && <Conflict endpoint={endpoint} />}
      <EndpointForm endpoint={endpoint} form={form} cancelHref={href} />
    </div>
  );
});

/** What someone else saved, above the form with what was typed. */
function Conflict({ endpoint }: { endpoint: WebhookEndpoint }) {
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
      <p class="hint">Your changes are below. Saving them replaces this.</p>
    </Card>
  );
}
