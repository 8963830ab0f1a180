import { DomainError } from "../domain/errors.ts";
import { ProviderEvent, takeProviderEvent } from "../domain/inbound/events.ts";
import { readSecret, readSignature, verify } from "../domain/webhooks/standard_webhooks.ts";
import { parseJson } from "./input.ts";
import { type AnyOperation, publicOperation } from "./operation.ts";

export const inbound: AnyOperation[] = [
  publicOperation({
    method: "post",
    path: "/webhooks/resend",
    tag: "Mail",
    summary: "Take an event of the mail provider, signed as Standard Webhooks says",
    signed: true,
    body: ProviderEvent,
    status: 204,
    // Nothing is asked of the database before the signature holds.
    run: async (request, _input, { bytes, headers }) => {
      const secrets = request.services.config.RESEND_WEBHOOK_SECRET.map(readSecret)
        .filter((secret) => secret !== null);
      if (secrets.length === 0) {
        throw new DomainError(
          "not_found",
          "This installation takes no events: RESEND_WEBHOOK_SECRET is not set",
        );
      }
      const signed = readSignature(headers);
      if (!signed) {
        throw new DomainError("bad_signature", "Send webhook-id, webhook-timestamp and webhook-signature");
      }
      const refusal = verify(secrets, { ...signed, body: bytes });
      if (refusal !== null) throw new DomainError("bad_signature", REFUSALS[refusal]);
      await takeProviderEvent(request, { id: signed.id, event: parseJson(bytes) });
      return {};
    },
  }),
];

const REFUSALS = {
  malformed: "The headers of the signature can't be read",
  too_old: "The message is more than five minutes old",
  too_new: "The message is from more than five minutes ahead",
  wrong_signature: "The signature does not fit the body",
};
