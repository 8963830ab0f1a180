import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";

/** Cards to replace the secret, to disable and to delete an endpoint. */
export function EndpointState({ endpoint, href }: { endpoint: WebhookEndpoint; href: string }) {
  const { active, version } = endpoint;
  return (
    <div class="cards">
      <Card title="Signing secret">
        <div class="form">
          <p class="muted">Shown only once. Replace it if you lost it or someone else may know it.</p>
          <div class="form-actions">
            <ButtonLink href={`${href}/secret`}>Replace secret</ButtonLink>
          </div>
        </div>
      </Card>
      <Card title={active ? "Pause" : "Disabled"}>
        <form class="form" id="state" method="post" action={href}>
          <p class="muted">
            {active
              ? "While disabled, no events are sent, and they aren't sent later either."
              : "Enable it to send new events again."}
          </p>
          <HiddenFields version={version} />
          <input type="hidden" name="active" value={String(!active)} />
          <div class="form-actions">
            <Button variant={active ? "secondary" : "primary"}>{active ? "Disable" : "Enable"}</Button>
          </div>
        </form>
      </Card>
      <Card title="No longer needed?">
        <form class="form" id="deletion" method="post" action={`${href}/deletion`}>
          <p class="muted">Pending messages are not sent, and the log is deleted.</p>
          <div class="form-actions">
            <Button variant="danger">Delete endpoint</Button>
          </div>
        </form>
      </Card>
    </div>
  );
}
