import { type Context, page } from "fresh";
import { Banner } from "@/components/Banner.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { parse } from "@/domain/validation.ts";
import { getEndpoint, type WebhookEndpoint, withSecret } from "@/domain/webhooks/endpoints.ts";
import { RotateSecret, rotateSecret } from "@/domain/webhooks/write.ts";
import { EMPTY_FORM, type FormState, readForm } from "@/pages/forms.ts";
import { load, refused } from "@/pages/load.ts";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";
import { SecretCard } from "@/routes/(app)/admin/webhooks/(_components)/SecretCard.tsx";

interface Data {
  endpoint: WebhookEndpoint;
  form: FormState;
  secret: string | null;
}

async function secretData(ctx: Context<State>, form: FormState): Promise<Data> {
  const endpoint = await load(ctx, (cx) => getEndpoint(cx, idIn(ctx.params.endpoint)), ADMINS);
  return { endpoint, form, secret: null };
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Replace the signing secret";
    return page(await secretData(ctx, EMPTY_FORM));
  },
  // No redirect: the secret in the answer must not pass through an address or a cookie.
  async POST(ctx) {
    ctx.state.title = "Replace the signing secret";
    const id = idIn(ctx.params.endpoint);
    const values = await readForm(ctx);
    try {
      const { secret, ...endpoint } = await load(ctx, async (cx) => {
        const { version = 0, overlap } = parse(RotateSecret, values);
        return withSecret(cx, await rotateSecret(cx, { id, version, overlap }));
      }, ADMINS);
      return page({ endpoint, form: EMPTY_FORM, secret });
    } catch (error) {
      const result = await refused(ctx, values, error);
      if (result instanceof Response) return result;
      return page(await secretData(ctx, result.form), { status: result.status });
    }
  },
});

export default define.page<typeof handler>(({ data: { endpoint, form: { values, errors }, secret } }) => {
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
      {secret !== null
        ? (
          <>
            <Banner kind="success">
              The secret has been replaced. {endpoint.overlapUntil
                ? "The previous one stays valid for 24 hours."
                : "The previous one is no longer valid."}
            </Banner>
            <SecretCard secret={secret} />
            <div class="form-actions">
              <ButtonLink href={href} variant="primary">Back to the endpoint</ButtonLink>
            </div>
          </>
        )
        : (
          <>
            <FormErrors
              errors={Object.entries(errors).map(([field, message]) => ({ field, message }))}
            />
            <form class="form" id="rotation" method="post">
              <input type="hidden" name="version" value={endpoint.version} />
              <Field
                name="overlap"
                label="Current secret"
                kind="segmented"
                value={values.overlap ?? "true"}
                options={[{ value: "true", label: "Keep valid for 24 hours" }, {
                  value: "false",
                  label: "Revoke immediately",
                }]}
                hint="While both are valid, you can update the receiver without missing a message. Revoke it immediately if someone else may know it."
                error={errors.overlap}
              />
              <div class="form-actions">
                <Button variant="primary">Create new secret</Button>
                <ButtonLink href={href} variant="quiet">Cancel</ButtonLink>
              </div>
            </form>
          </>
        )}
    </div>
  );
});
