import { z } from "zod";
import { inSystem } from "@/db/door.ts";
import { sql } from "@/db/sql.ts";
import { act, type Cx, type RequestInfo } from "@/domain/cx.ts";
import { suppressAddress } from "@/domain/mail/suppression.ts";
import { DELIVERIES, type Delivery } from "@/domain/messages/messages.ts";
import { parse } from "@/domain/validation.ts";
import { MailReceived, receiveMail } from "./receive.ts";
import { claimEvent } from "./claim_event.ts";

/** What the mail provider tells, as Resend writes it. Its own kinds come and go: one that is unknown is let pass. */
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
 * Takes an event of the mail provider, once: how a message fared, or that a mail came. What isn't about anything here
 * is let pass, since one account of a provider may serve more than this desk.
 *
 * @param given the event's id, and the event, whose signature was checked
 * @throws DomainError invalid for an event that isn't as the provider documents it
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

/** The message that the provider knows by this id. */
async function findMessage(providerId: string): Promise<MessageRef | undefined> {
  return await inSystem("find message", (db) =>
    db.first<MessageRef & Record<string, unknown>>(
      sql`select tenant_id as "tenantId", id from message_of_provider(${providerId})`,
    ));
}

/** The message that we named when it was sent: its id of the provider may have been lost with the answer. */
function messageFromTags(tags: z.output<typeof MessageEvent>["tags"]): MessageRef | null {
  return tags ? { tenantId: tags.tenant_id.toLowerCase(), id: tags.outbox_id.toLowerCase() } : null;
}

/** A mailbox that isn't there, or whose owner calls us spam; not one that is full, or a server that is down. */
function suppressionReason(type: string, bounce = ""): "bounce" | "complaint" | null {
  if (type === "email.complained") return "complaint";
  if (type === "email.suppressed") return "bounce";
  return type === "email.bounced" && bounce.toLowerCase() === "permanent" ? "bounce" : null;
}

/** @returns whom the message was for; null when it is gone */
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
