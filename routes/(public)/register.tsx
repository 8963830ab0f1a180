import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FormField, NewPasswordField } from "@/components/FormField.tsx";
import { define } from "@/define.ts";
import {
  RegisterOrganisation,
  registerOrganisation,
} from "@/domain/organisations/registration/registration.ts";
import { isSignupOpen } from "@/domain/organisations/tenants.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { BrowserZone } from "@/islands/BrowserZone.tsx";
import { withBrowserPlace } from "@/pages/browser_place.ts";
import { publicFormPage, signedIn } from "@/pages/public.ts";

export const handler = publicFormPage({
  title: "Create your organisation",
  load: async (ctx, { refusal }) => ({
    open: refusal ? refusal.code !== "signup_closed" : await isSignupOpen(incomingOf(ctx.req)),
  }),
  status: ({ open }) => open ? 200 : 403,
  schema: RegisterOrganisation,
  prepare: (values, ctx) => withBrowserPlace(values, ctx.req.headers),
  run: async (request, input, ctx) => signedIn(ctx, await registerOrganisation(request, input), "/home"),
});

export default define.page<typeof handler>(({ data: { form, open } }) =>
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
        <ErrorList form={form} only="general" />
        <form class="form" method="post">
          <FormField
            form={form}
            name="organisation"
            label="Organisation"
            autoComplete="organization"
            maxLength={120}
            autoFocus
            required
          />
          <FormField
            form={form}
            name="name"
            label="Your name"
            autoComplete="name"
            maxLength={120}
            required
          />
          <FormField
            form={form}
            name="email"
            label="Your email"
            kind="email"
            autoComplete="username"
            required
          />
          <NewPasswordField form={form} name="password" label="Password" />
          <BrowserZone />
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
