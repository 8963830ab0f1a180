import { z } from "zod";
import { NOTIFICATION_KINDS, type NotificationKind } from "@/domain/notifications/kinds.ts";
import { STATUSES } from "@/domain/tickets/model/states.ts";

/** The payload of ticket emails; `internal` ones are for staff only. */
export const TicketPayload = z.object({
  key: z.string(),
  ticketId: z.string(),
  title: z.string(),
  actorName: z.string().default(""),
  excerpt: z.string().default(""),
  internal: z.boolean().default(false),
  commentId: z.string().optional(),
  /** Someone else created the ticket for the recipient. */
  forYou: z.boolean().default(false),
  to: z.enum(STATUSES).optional(),
  metric: z.enum(["first_response", "resolution"]).optional(),
  /** Of the target that has elapsed. */
  percent: z.number().optional(),
  /** Out of five. */
  rating: z.number().optional(),
});

export type TicketMailPayload = z.output<typeof TicketPayload>;

/** Secret links aren't stored: they are derived from ids when the email is sent. */
export const PAYLOADS = {
  invitation: z.object({ invitationId: z.uuid() }),
  password_reset: z.object({ resetId: z.uuid() }),
  /** Links for several organisations. */
  password_resets: z.object({}),
  password_changed: z.object({}),
  email_confirmation: z.object({ userId: z.uuid() }),
  find_organisations: z.object({}),
  webhook_disabled: z.object({
    endpointId: z.uuid(),
    host: z.string(),
    because: z.enum(["gone", "failing"]),
  }),
  /** Its numbers are computed when it is sent, for the recipient and these days, so a retry is about the same ones. */
  saved_report: z.object({
    savedReportId: z.uuid(),
    userId: z.uuid(),
    from: z.iso.date(),
    to: z.iso.date(),
  }),
  ...Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, TicketPayload])) as Record<
    NotificationKind,
    typeof TicketPayload
  >,
};

export type MailTemplate = keyof typeof PAYLOADS;
export type MailPayloads = { [T in MailTemplate]: z.input<typeof PAYLOADS[T]> };
