import { z } from "@hono/zod-openapi";
import { ADMINS } from "@/domain/permissions.ts";
import { DomainError } from "@/domain/errors.ts";
import { handleProviderEvent, ProviderEvent } from "@/domain/mail/inbound/provider_events.ts";
import { ListReceivedMails, listReceivedMails } from "@/domain/mail/inbound/list.ts";
import { INBOUND_OUTCOMES } from "@/domain/mail/inbound/pending_mail.ts";
import { readSecret, readSignature, verify } from "@/domain/webhooks/standard_webhooks.ts";
import { PROVIDER_EVENTS } from "@/edge/signed_paths.ts";
import { parseJson } from "./input.ts";
import { type AnyOperation, operation, publicOperation } from "./operation.ts";
import { pageOf, TicketRefSchema } from "./schemas/tickets.ts";

const ReceivedSchema = z.object({
  id: z.uuid(),
  sender: z.string().openapi({ description: "From header" }),
  recipient: z.string(),
  subject: z.string(),
  outcome: z.enum(INBOUND_OUTCOMES),
  reason: z.string().nullable().openapi({
    description: "Why it was refused or ignored, or what was dropped",
  }),
  verified: z.boolean().nullable().openapi({ description: "Whether the sender was authenticated" }),
  ticket: TicketRefSchema.nullable(),
  receivedAt: z.iso.datetime(),
}).openapi("ReceivedMail");

export const inbound: AnyOperation[] = [
  operation({
    method: "get",
    path: "/inbound-mails",
    tag: "Mail",
    summary: "List received emails and what became of each",
    roles: ADMINS,
    query: ListReceivedMails,
    status: 200,
    response: pageOf(ReceivedSchema),
    run: async (cx, { query }) => ({ body: await listReceivedMails(cx, query) }),
  }),
  publicOperation({
    method: "post",
    path: PROVIDER_EVENTS,
    tag: "Mail",
    summary: "Receive an event from the mail provider, signed as Standard Webhooks specifies",
    signed: true,
    body: ProviderEvent,
    status: 204,
    // The signature is verified before any query.
    run: async (request, _input, { bytes, headers }) => {
      const secrets = request.services.config.RESEND_WEBHOOK_SECRET.map(readSecret)
        .filter((secret) => secret !== null);
      if (secrets.length === 0) {
        throw new DomainError(
          "not_found",
          "This installation doesn't accept events: RESEND_WEBHOOK_SECRET is not set",
        );
      }
      const signed = readSignature(headers);
      if (!signed) {
        throw new DomainError("bad_signature", "Send webhook-id, webhook-timestamp and webhook-signature");
      }
      const refusal = verify(secrets, { ...signed, body: bytes });
      if (refusal !== null) throw new DomainError("bad_signature", REFUSALS[refusal]);
      await handleProviderEvent(request, { id: signed.id, event: parseJson(bytes) });
      return {};
    },
  }),
];

const REFUSALS = {
  malformed: "The signature headers can't be read",
  too_old: "The message is more than five minutes old",
  too_new: "The message's time is more than five minutes in the future",
  wrong_signature: "The signature doesn't match the body",
};
