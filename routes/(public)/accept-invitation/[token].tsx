import { page } from "fresh";
import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { define } from "@/define.ts";
import {
  AcceptInvitation,
  acceptInvitation,
  type OpenInvitation,
  readInvitation,
} from "@/domain/auth/accept_invitation.ts";
import { incomingOf } from "@/edge/incoming.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { signedIn, submitPublic } from "@/pages/public.ts";

interface Data {
  form: FormState;
  invitation: OpenInvitation | null;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Invitation";
    const invitation = await readInvitation(incomingOf(ctx.req), ctx.params.token!);
    return page({ form: EMPTY_FORM, invitation }, { status: invitation ? 200 : 404 });
  },
  async POST(ctx) {
    ctx.state.title = "Invitation";
    const result = await submitPublic(ctx, {
      schema: AcceptInvitation,
      prepare: (values) => ({ ...values, token: ctx.params.token! }),
      run: async (request, input) => signedIn(ctx, await acceptInvitation(request, input), "/home"),
    });
    if (result instanceof Response) return result;
    const invitation = await readInvitation(incomingOf(ctx.req), ctx.params.token!);
    return page({ form: result.form, invitation }, { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { form: { values, errors }, invitation } }) =>
  invitation
    ? (
      <AuthLayout
        title={`Join ${invitation.organisation}`}
        intro={`${invitation.invitedBy} invited ${invitation.email}.`}
      >
        <FormErrors errors={errors[""] ? [{ field: "", message: errors[""] }] : []} />
        <form class="form" method="post">
          <input type="hidden" name="username" autoComplete="username" value={invitation.email} />
          <Field
            name="name"
            label="Your name"
            value={values.name ?? invitation.name}
            error={errors.name}
            autoComplete="name"
            maxLength={120}
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
