import { z } from "zod";
import { NOTIFICATION_KINDS, type NotificationKind } from "@/domain/notifications/kinds.ts";
import { STATUSES } from "@/domain/tickets/model/states.ts";

/** What mails about a ticket need. An internal one, with its excerpt, is for staff alone. */
export const TicketPayload = z.object({
  key: z.string(),
  ticketId: z.string(),
  title: z.string(),
  actorName: z.string().default(""),
  excerpt: z.string().default(""),
  internal: z.boolean().default(false),
  commentId: z.string().optional(),
  /** A new ticket that somebody else raised for the recipient. */
  forYou: z.boolean().default(false),
  /** The state it went to. */
  to: z.enum(STATUSES).optional(),
  /** Which clock of the service level it is about. */
  metric: z.enum(["first_response", "resolution"]).optional(),
  /** How much of its time is gone, in percent. */
  percent: z.number().optional(),
  /** What was given, of five. */
  rating: z.number().optional(),
});

export type TicketMailPayload = z.output<typeof TicketPayload>;

/**
 * What the outbox keeps for each kind of mail. Links that open an account are not in it: the row has the id of the
 * invitation or reset, and the link is made of it as the mail leaves.
 */
export const PAYLOADS = {
  invitation: z.object({ invitationId: z.uuid() }),
  password_reset: z.object({ resetId: z.uuid() }),
  password_changed: z.object({}),
  email_confirmation: z.object({ userId: z.uuid() }),
  find_organisations: z.object({}),
  webhook_disabled: z.object({
    endpointId: z.uuid(),
    host: z.string(),
    because: z.enum(["gone", "failing"]),
  }),
  ...Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, TicketPayload])) as Record<
    NotificationKind,
    typeof TicketPayload
  >,
};

export type MailTemplate = keyof typeof PAYLOADS;
export type MailPayloads = { [T in MailTemplate]: z.input<typeof PAYLOADS[T]> };
