import { Banner } from "./Banner.tsx";
import { Button } from "./Button.tsx";

/** Asks people to confirm their address; `toInvite` says what for. */
export function ConfirmAddress({ email, toInvite }: { email: string; toInvite?: boolean }) {
  return (
    <Banner kind="warning">
      <form class="form-actions" method="post" action="/profile/confirmation">
        <span class="grow">
          {toInvite ? "To invite people, confirm" : "Confirm"} that {email}{" "}
          is your address. We'll email you a link.
        </span>
        <Button size="sm">Send link</Button>
      </form>
    </Banner>
  );
}
