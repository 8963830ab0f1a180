import { page } from "fresh";
import { AuthLayout } from "@/components/AuthLayout.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { define } from "@/define.ts";
import { confirmAddress, readConfirmableAddress } from "@/domain/profile/confirmation.ts";
import { incomingOf } from "@/edge/incoming.ts";

interface Data {
  /** Null if the link is invalid. */
  email: string | null;
  confirmed: boolean;
}

export const handler = define.handlers<Data>({
  // Mail scanners open links, so opening one confirms nothing yet.
  async GET(ctx) {
    ctx.state.title = "Confirm your address";
    const email = await readConfirmableAddress(incomingOf(ctx.req), ctx.params.token!);
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
        intro="It was already used or has expired. You can request a new one from your profile."
      >
        <ButtonLink href="/profile" variant="primary" block>Open my profile</ButtonLink>
      </AuthLayout>
    );
  }
  return confirmed
    ? (
      <AuthLayout title="Your address is confirmed" intro={<>Thank you. {email} is confirmed.</>}>
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
