import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import type { Endpoint } from "@/domain/webhooks/endpoints.ts";

/** The secret, and what takes an endpoint out of use. */
export function EndpointState({ endpoint, href }: { endpoint: Endpoint; href: string }) {
  const { active, version } = endpoint;
  return (
    <div class="cards">
      <Card title="Signing secret">
        <div class="form">
          <p class="muted">Shown only once. Change it if you lost it, or if somebody else may know it.</p>
          <div class="form-actions">
            <ButtonLink href={`${href}/secret`}>Change the secret</ButtonLink>
          </div>
        </div>
      </Card>
      <Card title={active ? "Pause" : "Disabled"}>
        <form class="form" id="state" method="post" action={href}>
          <p class="muted">
            {active
              ? "Nothing is sent while it is disabled; events of that time aren't sent later."
              : "Enable it to send events again, from now on."}
          </p>
          <input type="hidden" name="version" value={version} />
          <input type="hidden" name="active" value={String(!active)} />
          <div class="form-actions">
            <Button variant={active ? "secondary" : "primary"}>{active ? "Disable" : "Enable"}</Button>
          </div>
        </form>
      </Card>
      <Card title="No longer needed?">
        <form class="form" id="deletion" method="post" action={`${href}/deletion`}>
          <p class="muted">What still waits is not sent, and the log goes with it.</p>
          <div class="form-actions">
            <Button variant="danger">Delete the endpoint</Button>
          </div>
        </form>
      </Card>
    </div>
  );
}
