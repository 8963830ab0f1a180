import { Banner } from "@/components/Banner.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { getEndpoint, withSecret } from "@/domain/webhooks/endpoints.ts";
import { CreateEndpoint, createEndpoint } from "@/domain/webhooks/write.ts";
import { revealPage } from "@/pages/form_page.ts";
import { EndpointForm } from "./(_components)/EndpointForm.tsx";
import { SecretCard } from "./(_components)/SecretCard.tsx";
import { endpointInput } from "./(_data)/endpoint_form.ts";

export const handler = revealPage({
  roles: ADMINS,
  title: "New webhook endpoint",
  schema: CreateEndpoint,
  prepare: endpointInput,
  run: async (cx, input, _ctx, once) => {
    const id = await once(async () => (await createEndpoint(cx, input)).id);
    return withSecret(cx, await getEndpoint(cx, id));
  },
  status: 201,
});

export default define.page<typeof handler>(({ data: { form, revealed } }) => (
  <div class="page page-narrow">
    <PageHeader
      title={revealed ? "Endpoint created" : "New webhook endpoint"}
      crumbs={[{ label: "Webhooks", href: "/admin/webhooks" }, { label: revealed ? "Created" : "New" }]}
    />
    {revealed
      ? (
        <>
          <Banner kind="success">Events are now sent to {revealed.url}</Banner>
          <SecretCard secret={revealed.secret} />
          <div class="form-actions">
            <ButtonLink href={`/admin/webhooks/${revealed.id}`} variant="primary">
              Go to the endpoint
            </ButtonLink>
          </div>
        </>
      )
      : <EndpointForm form={form} cancelHref="/admin/webhooks" />}
  </div>
));
