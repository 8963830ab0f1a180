import { page } from "fresh";
import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { define } from "@/define.ts";
import { confirmAddress, readConfirmable } from "@/domain/profile/confirmation.ts";
import { incomingOf } from "@/edge/incoming.ts";

interface Data {
  /** Null where the link can't be used. */
  email: string | null;
  confirmed: boolean;
}

export const handler = define.handlers<Data>({
  // Programs that look into mails open their links: that confirms nothing yet.
  async GET(ctx) {
    ctx.state.title = "Confirm your address";
    const email = await readConfirmable(incomingOf(ctx.req), ctx.params.token!);
    return page({ email, confirmed: false }, { status: email ? 200 : 404 });
  },
  async POST(ctx) {
    ctx.state.title = "Confirm your address";
    const email = await confirmAddress(incomingOf(ctx.req), ctx.params.token!);
    return page({ email, confirmed: true }, { status: email ? 200 : 404 });
  },
});

export default define.page<typeof handler>(({ data: { email, confirmed } }) => {
  if (!email) {
    return (
      <AuthLayout
        title="This link can't be used"
        intro="It was used already, or has expired. You can have another one sent from your profile."
      >
        <ButtonLink href="/profile" variant="primary" block>Open my profile</ButtonLink>
      </AuthLayout>
    );
  }
  return confirmed
    ? (
      <AuthLayout title="Your address is confirmed" intro={<>Thank you: {email} is yours.</>}>
        <ButtonLink href="/home" variant="primary" block>Open the help desk</ButtonLink>
      </AuthLayout>
    )
    : (
      <AuthLayout title="Confirm your address" intro={<>You sign in with {email}.</>}>
        <form class="form" method="post">
          <Button variant="primary" block>Confirm this address</Button>
        </form>
      </AuthLayout>
    );
});
