import { z } from "zod";
import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { suppressAddress } from "@/domain/mail/suppression.ts";
import { DELIVERIES, type Delivery } from "@/domain/messages/messages.ts";
import { parse } from "@/domain/validation.ts";
import { MailReceived, receiveMail } from "./receive.ts";
import { claimEvent } from "./claim_event.ts";

/** An event as Resend sends it; unknown types are ignored. */
export const ProviderEvent = z.looseObject({
  type: z.string().min(1).max(100),
  created_at: z.string().max(64).optional(),
  data: z.looseObject({}).default({}),
});

const DELIVERY_OF: Record<string, Delivery> = {
  "email.sent": "sent",
  "email.delivery_delayed": "delayed",
  "email.delivered": "delivered",
  "email.failed": "failed",
  "email.suppressed": "failed",
  "email.bounced": "bounced",
  "email.complained": "complained",
};

const MessageEvent = z.looseObject({
  email_id: z.string().regex(/^[\w-]{1,200}$/),
  tags: z.looseObject({ tenant_id: z.guid(), outbox_id: z.guid() }).nullish().catch(null),
  bounce: z.looseObject({ type: z.string().max(100).optional(), message: z.string().optional() }).nullish(),
});

/**
 * Once. Events about other installations are ignored, since one provider account may serve several.
 * @param given the event, whose signature was verified @throws DomainError invalid for a malformed one
 */
export async function handleProviderEvent(
  request: RequestInfo,
  { id, event }: { id: string; event: unknown },
): Promise<void> {
  const { type, data } = parse(ProviderEvent, event);
  if (type === "email.received") return await receiveMail(request, { id, mail: parse(MailReceived, data) });
  const delivery = DELIVERY_OF[type];
  if (!delivery) return;
  const { email_id, bounce, tags } = parse(MessageEvent, data);
  const message = await findMessage(email_id) ?? messageFromTags(tags);
  if (!message) return;
  await act(request, { kind: "system", tenantId: message.tenantId }, async (cx) => {
    if (cx.tenant.slug === "" || !await claimEvent(cx, { id, kind: type })) return;
    const recipient = await setDelivery(cx, { outboxId: message.id, delivery });
    const reason = suppressionReason(type, bounce?.type);
    if (recipient === null || reason === null) return;
    await suppressAddress(cx, {
      email: recipient,
      reason,
      detail: bounce?.message ?? "",
      outboxId: message.id,
    });
  });
}

interface MessageRef {
  tenantId: string;
  id: string;
}

async function findMessage(providerId: string): Promise<MessageRef | undefined> {
  return await inSystem("find message", (db) =>
    db.first<MessageRef & Record<string, unknown>>(
      sql`select tenant_id as "tenantId", id from message_of_provider(${providerId})`,
    ));
}

/** From our own tags: the provider's id may have been lost with its answer. */
function messageFromTags(tags: z.output<typeof MessageEvent>["tags"]): MessageRef | null {
  return tags ? { tenantId: tags.tenant_id.toLowerCase(), id: tags.outbox_id.toLowerCase() } : null;
}

/** Only permanent problems: not a full mailbox or a server that is down. */
function suppressionReason(type: string, bounce = ""): "bounce" | "complaint" | null {
  if (type === "email.complained") return "complaint";
  if (type === "email.suppressed") return "bounce";
  return type === "email.bounced" && bounce.toLowerCase() === "permanent" ? "bounce" : null;
}

/** @returns the recipient; null when the message is gone */
async function setDelivery(
  cx: Cx,
  { outboxId, delivery }: { outboxId: string; delivery: Delivery },
): Promise<string | null> {
  const [row] = await Promise.all([
    cx.db.first<{ recipient: string }>(
      sql`select recipient from outbox where tenant_id = ${cx.tenant.id} and id = ${outboxId}`,
    ),
    cx.db.run(sql`update outbox set delivery = ${delivery}, delivery_at = now()
      where tenant_id = ${cx.tenant.id} and id = ${outboxId}
        and coalesce(array_position(${DELIVERIES}::text[], delivery), 0) < array_position(${DELIVERIES}::text[],
          ${delivery}::text)`),
  ]);
  return row?.recipient ?? null;
}
