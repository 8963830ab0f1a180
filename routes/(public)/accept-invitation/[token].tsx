import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FormField, NewPasswordField } from "@/components/FormField.tsx";
import { define } from "@/define.ts";
import { AcceptInvitation, acceptInvitation, readInvitation } from "@/domain/auth/accept_invitation.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { BrowserZone } from "@/islands/BrowserZone.tsx";
import { withBrowserPlace } from "@/pages/browser_place.ts";
import { publicFormPage, signedIn } from "@/pages/public.ts";

export const handler = publicFormPage({
  title: "Invitation",
  load: async (ctx) => ({ invitation: await readInvitation(incomingOf(ctx.req), ctx.params.token!) }),
  status: ({ invitation }) => invitation ? 200 : 404,
  schema: AcceptInvitation,
  prepare: (values, ctx) => ({
    ...withBrowserPlace(values, ctx.req.headers),
    token: ctx.params.token!,
  }),
  run: async (request, input, ctx) => signedIn(ctx, await acceptInvitation(request, input), "/home"),
});

export default define.page<typeof handler>(({ data: { form, invitation } }) =>
  invitation
    ? (
      <AuthLayout
        title={`Join ${invitation.organisation}`}
        intro={`${invitation.invitedBy} invited ${invitation.email}.`}
      >
        <ErrorList form={form} only="general" />
        <form class="form" method="post">
          <input type="hidden" name="username" autoComplete="username" value={invitation.email} />
          <FormField
            form={form}
            name="name"
            label="Your name"
            value={invitation.name}
            autoComplete="name"
            maxLength={120}
            required
          />
          <NewPasswordField form={form} name="password" label="Password" />
          <BrowserZone />
          <Button variant="primary" block>Join</Button>
        </form>
      </AuthLayout>
    )
    : (
      <AuthLayout
        title="This invitation can't be used"
        intro="It was already used, was revoked or has expired. Ask for a new one."
      >
        <ButtonLink href="/sign-in" variant="primary" block>Sign in</ButtonLink>
      </AuthLayout>
    )
);
