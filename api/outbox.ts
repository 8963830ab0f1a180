import { z } from "@hono/zod-openapi";
import { ADMINS } from "@/domain/permissions.ts";
import {
  DELIVERIES,
  getMessage,
  ListMessages,
  listMessages,
  MESSAGE_KINDS,
  messageStats,
} from "@/domain/messages/messages.ts";
import { MESSAGE_STATES } from "@/domain/messages/states.ts";
import { retryAllMessages, retryMessage } from "@/domain/messages/retry.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { pageOf } from "./schemas/tickets.ts";

const tag = "Outbox";
const time = z.iso.datetime();

const MessageSchema = z.object({
  id: z.uuid(),
  kind: z.enum(MESSAGE_KINDS),
  recipient: z.string(),
  sender: z.string().nullable().openapi({ description: "Sender of a received email" }),
  template: z.string().openapi({ example: "ticket_assigned" }),
  ticket: z.object({ id: z.uuid(), key: z.string() }).nullable(),
  state: z.enum(MESSAGE_STATES).openapi({
    description:
      "queued; retrying: waits for another attempt; sending; sent; skipped: not sent, see note; failed: given up. A received email is sent once it was read",
  }),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  note: z.string().nullable().openapi({
    description: "The latest error, or why nothing was sent",
  }),
  nextTryAt: time.nullable(),
  createdAt: time,
  finishedAt: time.nullable(),
  delivery: z.enum(DELIVERIES).nullable().openapi({
    description:
      "saved: there was no mail transport, and nobody got it. Otherwise what the mail provider reported later",
  }),
  deliveryAt: time.nullable(),
}).openapi("Message", {
  description: "An outgoing message: recipient and subject matter, never its content",
});

const CountSchema = z.object({ count: z.number().int(), capped: z.boolean() });

const StatsSchema = z.object({
  byState: z.record(z.enum(MESSAGE_STATES), CountSchema),
  oldestWaitingAt: time.nullable(),
  doneLastHour: z.number().int(),
  perMinute: z.number().openapi({ description: "Messages sent per minute, over the last hour" }),
}).openapi("OutboxStats");

export const outbox: AnyOperation[] = [
  operation({
    method: "get",
    path: "/outbox",
    tag,
    summary: "List outgoing messages, newest first",
    roles: ADMINS,
    query: ListMessages,
    status: 200,
    response: pageOf(MessageSchema),
    run: async (cx, { query }) => ({ body: await listMessages(cx, query) }),
  }),
  operation({
    method: "get",
    path: "/outbox/stats",
    tag,
    summary: "Get outbox statistics: queued and failed messages, and messages sent per minute",
    roles: ADMINS,
    status: 200,
    response: StatsSchema,
    run: async (cx) => ({ body: await messageStats(cx) }),
  }),
  operation({
    method: "post",
    path: "/outbox/retry",
    tag,
    summary: "Retry all failed messages",
    roles: ADMINS,
    status: 200,
    response: z.object({
      retried: z.number().int(),
      more: z.boolean().openapi({ description: "Whether there are more than one call retries" }),
    }),
    run: async (cx) => ({ body: await retryAllMessages(cx) }),
  }),
  operation({
    method: "get",
    path: "/outbox/{id}",
    tag,
    summary: "Get a message",
    roles: ADMINS,
    params: idPath,
    status: 200,
    response: MessageSchema,
    run: async (cx, { params }) => ({ body: await getMessage(cx, params.id) }),
  }),
  operation({
    method: "post",
    path: "/outbox/{id}/retry",
    tag,
    summary: "Retry a message now",
    roles: ADMINS,
    params: idPath,
    status: 200,
    response: MessageSchema,
    run: async (cx, { params }) => ({ body: await retryMessage(cx, params.id) }),
  }),
];
