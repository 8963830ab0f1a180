import { Banner } from "./Banner.tsx";
import { Button } from "./Button.tsx";

/** Asks people to confirm their address; `to` says what for, as "invite people". */
export function ConfirmAddress({ email, to }: { email: string; to?: string }) {
  return (
    <Banner kind="warning">
      <form class="form-actions" method="post" action="/profile/confirmation">
        <span class="grow">
          {to ? `To ${to}, confirm` : "Confirm"} that {email} is your address. We'll email you a link.
        </span>
        <Button size="sm">Send link</Button>
      </form>
    </Banner>
  );
}
