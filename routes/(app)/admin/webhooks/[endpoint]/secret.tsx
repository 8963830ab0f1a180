import { Banner } from "@/components/Banner.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { version } from "@/domain/validation.ts";
import { getEndpoint, type WebhookEndpoint, withSecret } from "@/domain/webhooks/endpoints.ts";
import { RotateSecret, rotateSecret } from "@/domain/webhooks/write.ts";
import { revealPage, type WithForm } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { SecretCard } from "@/routes/(app)/admin/webhooks/(_components)/SecretCard.tsx";

export const handler = revealPage({
  roles: ADMINS,
  load: async (cx, ctx) => ({ endpoint: await getEndpoint(cx, idParam(ctx, "endpoint")) }),
  title: "Replace the signing secret",
  schema: RotateSecret.extend({ version }),
  run: async (cx, input, ctx) => {
    return withSecret(cx, await rotateSecret(cx, { ...input, id: idParam(ctx, "endpoint") })).secret;
  },
});

export default define.page<typeof handler>(({ data: { endpoint, form, revealed } }) => {
  const href = `/admin/webhooks/${endpoint.id}`;
  return (
    <div class="page page-narrow">
      <PageHeader
        title="Signing secret"
        crumbs={[
          { label: "Webhooks", href: "/admin/webhooks" },
          { label: new URL(endpoint.url).host, href },
          { label: "Secret" },
        ]}
      />
      {revealed === null ? <RotationForm endpoint={endpoint} form={form} /> : (
        <>
          <Banner kind="success">
            The secret has been replaced. {endpoint.overlapUntil
              ? "The previous one stays valid for 24 hours."
              : "The previous one is no longer valid."}
          </Banner>
          <SecretCard secret={revealed} />
          <div class="form-actions">
            <ButtonLink href={href} variant="primary">Back to the endpoint</ButtonLink>
          </div>
        </>
      )}
    </div>
  );
});

function RotationForm({ endpoint, form }: WithForm<{ endpoint: WebhookEndpoint }>) {
  return (
    <>
      <ErrorList form={form} />
      <form class="form" id="rotation" method="post">
        <HiddenFields form={form} version={endpoint.version} />
        <FormField
          form={form}
          name="overlap"
          label="Current secret"
          kind="segmented"
          value="true"
          options={[
            { value: "true", label: "Keep valid for 24 hours" },
            { value: "false", label: "Revoke immediately" },
          ]}
          hint="While both are valid, you can update the receiver without missing a message. Revoke it immediately if someone else may know it."
        />
        <div class="form-actions">
          <Button variant="primary">Create new secret</Button>
          <ButtonLink href={`/admin/webhooks/${endpoint.id}`} variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </>
  );
}
