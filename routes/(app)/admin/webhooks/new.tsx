import { page } from "fresh";
import { Banner } from "@/components/Banner.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { parse } from "@/domain/validation.ts";
import { getEndpoint, type WebhookEndpoint, withSecret } from "@/domain/webhooks/endpoints.ts";
import { CreateEndpoint, createEndpoint } from "@/domain/webhooks/write.ts";
import { EMPTY_FORM, type FormState, readForm } from "@/pages/forms.ts";
import { doneOnce, load, refused } from "@/pages/load.ts";
import { EndpointForm } from "./(_components)/EndpointForm.tsx";
import { endpointInput } from "./(_data)/endpoint_form.ts";
import { SecretCard } from "./(_components)/SecretCard.tsx";

interface Data {
  form: FormState;
  made: (WebhookEndpoint & { secret: string }) | null;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "New webhook endpoint";
    await load(ctx, () => Promise.resolve(), ADMINS);
    return page({ form: EMPTY_FORM, made: null });
  },
  // No redirect: the secret in the answer must not pass through an address or a cookie.
  async POST(ctx) {
    ctx.state.title = "New webhook endpoint";
    const values = await readForm(ctx);
    try {
      const made = await load(ctx, async (cx) => {
        const input = parse(CreateEndpoint, endpointInput(values));
        const run = async () => (await createEndpoint(cx, input)).id;
        const id = await doneOnce(cx, run, { path: ctx.url.pathname, values });
        return withSecret(cx, await getEndpoint(cx, id));
      }, ADMINS);
      return page({ form: EMPTY_FORM, made }, { status: 201 });
    } catch (error) {
      const result = await refused(ctx, values, error);
      if (result instanceof Response) return result;
      await load(ctx, () => Promise.resolve(), ADMINS);
      return page({ form: result.form, made: null }, { status: result.status });
    }
  },
});

export default define.page<typeof handler>(({ data: { form, made } }) => (
  <div class="page page-narrow">
    <PageHeader
      title={made ? "Endpoint created" : "New webhook endpoint"}
      crumbs={[{ label: "Webhooks", href: "/admin/webhooks" }, { label: made ? "Created" : "New" }]}
    />
    {made
      ? (
        <>
          <Banner kind="success">Events are now sent to {made.url}</Banner>
          <SecretCard secret={made.secret} />
          <div class="form-actions">
            <ButtonLink href={`/admin/webhooks/${made.id}`} variant="primary">Go to the endpoint</ButtonLink>
          </div>
        </>
      )
      : <EndpointForm form={form} cancelHref="/admin/webhooks" />}
  </div>
));
