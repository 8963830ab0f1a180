import { page } from "fresh";
import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { define } from "@/define.ts";
import { isResetUsable, ResetPassword, resetPassword } from "@/domain/auth/password_reset.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { redirect } from "@/pages/flash.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { submitPublic } from "@/pages/public.ts";

interface Data {
  form: FormState;
  usable: boolean;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "New password";
    const usable = await isResetUsable(incomingOf(ctx.req), ctx.params.token!);
    return page({ form: EMPTY_FORM, usable }, { status: usable ? 200 : 404 });
  },
  async POST(ctx) {
    ctx.state.title = "New password";
    const result = await submitPublic(ctx, {
      schema: ResetPassword,
      prepare: (values) => ({ ...values, token: ctx.params.token! }),
      run: async (request, input) => {
        await resetPassword(request, input);
        return redirect(ctx, "/sign-in", "Your password has been changed. Sign in with the new one.");
      },
    });
    if (result instanceof Response) return result;
    return page({ form: result.form, usable: !result.form.errors.token }, { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { form: { errors }, usable } }) =>
  usable
    ? (
      <AuthLayout
        title="Choose a new password"
        intro="You'll be signed out everywhere and can sign in with it."
      >
        <FormErrors errors={errors[""] ? [{ field: "", message: errors[""] }] : []} />
        <form class="form" method="post">
          <Field
            name="password"
            label="New password"
            kind="password"
            error={errors.password}
            hint="At least 12 characters. A few random words work well."
            autoComplete="new-password"
            minLength={12}
            autoFocus
            required
          />
          <Button variant="primary" block>Change password</Button>
        </form>
      </AuthLayout>
    )
    : (
      <AuthLayout title="This link can't be used" intro="It was already used, has expired or is incomplete.">
        <ButtonLink href="/forgot-password" variant="primary" block>Request a new one</ButtonLink>
      </AuthLayout>
    )
);
