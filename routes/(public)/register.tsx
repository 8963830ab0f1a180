import { page } from "fresh";
import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { define } from "@/define.ts";
import {
  RegisterOrganisation,
  registerOrganisation,
} from "@/domain/organisations/registration/registration.ts";
import { isSignupOpen } from "@/domain/organisations/tenants.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { signedIn, submitPublic } from "@/pages/public.ts";

interface Data {
  form: FormState;
  open: boolean;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Create your organisation";
    const open = await isSignupOpen(incomingOf(ctx.req));
    return page({ form: EMPTY_FORM, open }, { status: open ? 200 : 403 });
  },
  async POST(ctx) {
    ctx.state.title = "Create your organisation";
    const result = await submitPublic(ctx, {
      schema: RegisterOrganisation,
      run: async (request, input) => signedIn(ctx, await registerOrganisation(request, input), "/home"),
    });
    if (result instanceof Response) return result;
    const open = result.form.refusal?.code !== "signup_closed";
    return page({ form: result.form, open }, { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { form: { values, errors }, open } }) =>
  open
    ? (
      <AuthLayout
        title="Create your organisation"
        intro="You'll be its administrator and can invite others."
        aside={
          <>
            Have an account? <a href="/sign-in">Sign in</a>
          </>
        }
      >
        <FormErrors errors={errors[""] ? [{ field: "", message: errors[""] }] : []} />
        <form class="form" method="post">
          <Field
            name="organisation"
            label="Organisation"
            value={values.organisation}
            error={errors.organisation}
            autoComplete="organization"
            maxLength={120}
            autoFocus
            required
          />
          <Field
            name="name"
            label="Your name"
            value={values.name}
            error={errors.name}
            autoComplete="name"
            maxLength={120}
            required
          />
          <Field
            name="email"
            label="Your email"
            kind="email"
            value={values.email}
            error={errors.email}
            autoComplete="username"
            required
          />
          <Field
            name="password"
            label="Password"
            kind="password"
            error={errors.password}
            hint="At least 12 characters. A few random words work well."
            autoComplete="new-password"
            minLength={12}
            required
          />
          <Button variant="primary" block>Create organisation</Button>
        </form>
      </AuthLayout>
    )
    : (
      <AuthLayout title="Registration is closed" intro="Ask an administrator for an invitation.">
        <ButtonLink href="/sign-in" variant="primary" block>Sign in</ButtonLink>
      </AuthLayout>
    )
);
