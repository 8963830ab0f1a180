import { Banner } from "./Banner.tsx";
import { Button } from "./Button.tsx";

/** Asks somebody to confirm their address, and sends the link. */
export function ConfirmAddress({ email }: { email: string }) {
  return (
    <Banner kind="warning">
      <form class="form-actions" method="post" action="/profile/confirmation">
        <span class="grow">Confirm your address {email} to invite people: we send you a link.</span>
        <Button size="sm">Send the link</Button>
      </form>
    </Banner>
  );
}
