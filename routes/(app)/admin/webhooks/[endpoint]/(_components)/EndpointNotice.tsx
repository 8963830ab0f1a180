import { Banner } from "@/components/Banner.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";

/** Why an endpoint is failing or disabled, and what to do about it. */
export function EndpointNotice(
  { endpoint, reader, now }: { endpoint: WebhookEndpoint; reader: Reader; now: string },
) {
  const { active, disabledBecause, disabledAt, failingSince } = endpoint;
  if (active) {
    return failingSince && (
      <Banner kind="warning">
        Deliveries have failed since{" "}
        <Time at={moment(failingSince, reader, now)} absolute />. Messages are retried; after three days the
        endpoint is disabled.
      </Banner>
    );
  }
  const when = <Time at={moment(disabledAt!, reader, now)} absolute />;
  if (disabledBecause === "admin") {
    return <Banner kind="info">Disabled since {when}. No events are sent.</Banner>;
  }
  return (
    <Banner kind="error">
      Disabled since {when}: {disabledBecause === "gone"
        ? "the receiver answered 410 Gone"
        : "deliveries failed for three days, or ten messages in a row were given up"}. Send a test; once it is
      delivered, enable the endpoint again.
    </Banner>
  );
}
