import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { NewPasswordField } from "@/components/FormField.tsx";
import { define } from "@/define.ts";
import { isResetUsable, ResetPassword, resetPassword } from "@/domain/auth/password_reset.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { redirect } from "@/pages/flash.ts";
import { publicFormPage } from "@/pages/public.ts";

export const handler = publicFormPage({
  title: "New password",
  load: async (ctx, { refusal, errors }) => ({
    usable: refusal ? !errors.token : await isResetUsable(incomingOf(ctx.req), ctx.params.token!),
  }),
  status: ({ usable }) => usable ? 200 : 404,
  schema: ResetPassword,
  prepare: (values, ctx) => ({ ...values, token: ctx.params.token! }),
  run: async (request, input, ctx) => {
    await resetPassword(request, input);
    return redirect(ctx, "/sign-in", "Your password has been changed. Sign in with the new one.");
  },
});

export default define.page<typeof handler>(({ data: { form, usable } }) =>
  usable
    ? (
      <AuthLayout
        title="Choose a new password"
        intro="You'll be signed out everywhere and can sign in with it."
      >
        <ErrorList form={form} only="general" />
        <form class="form" method="post">
          <NewPasswordField form={form} name="password" label="New password" autoFocus />
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
