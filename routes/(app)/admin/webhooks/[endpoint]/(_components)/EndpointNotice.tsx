import { Banner } from "@/components/Banner.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { Endpoint } from "@/domain/webhooks/endpoints.ts";

/** Why nothing is sent, or that nothing arrives, and what to do about it. */
export function EndpointNotice(
  { endpoint, reader, now }: { endpoint: Endpoint; reader: Reader; now: string },
) {
  const { active, disabledBecause, disabledAt, failingSince } = endpoint;
  if (active) {
    return failingSince && (
      <Banner kind="warning">
        Nothing has arrived since{" "}
        <Time at={moment(failingSince, reader, now)} absolute />. Each message is tried again; after three
        days the endpoint is disabled.
      </Banner>
    );
  }
  const when = <Time at={moment(disabledAt!, reader, now)} absolute />;
  if (disabledBecause === "admin") {
    return <Banner kind="info">Disabled since {when}. Nothing is sent.</Banner>;
  }
  return (
    <Banner kind="error">
      Disabled since {when}: {disabledBecause === "gone"
        ? "the receiver answered 410 Gone"
        : "nothing has arrived for three days, or ten messages in a row were given up"}. Send a test until it
      arrives, then enable the endpoint again.
    </Banner>
  );
}
