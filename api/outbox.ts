import { z } from "@hono/zod-openapi";
import { ADMINS } from "@/domain/permissions.ts";
import {
  DELIVERIES,
  getMessage,
  ListMessages,
  listMessages,
  MESSAGE_KINDS,
  MESSAGE_STATES,
  messageStats,
} from "@/domain/messages/messages.ts";
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
  sender: z.string().nullable().openapi({ description: "Who wrote a mail that came" }),
  template: z.string().openapi({ example: "ticket_assigned" }),
  ticket: z.object({ id: z.uuid(), key: z.string() }).nullable(),
  state: z.enum(MESSAGE_STATES).openapi({
    description: "ready: waits; running: is being sent; done: was sent or needn't be; dead: was given up",
  }),
  attempts: z.number().int(),
  maxAttempts: z.number().int(),
  note: z.string().nullable().openapi({
    description: "The latest error; of one that is done, why it wasn't sent",
  }),
  nextTryAt: time.nullable(),
  createdAt: time,
  finishedAt: time.nullable(),
  delivery: z.enum(DELIVERIES).nullable().openapi({ description: "What the mail provider said of it later" }),
  deliveryAt: time.nullable(),
}).openapi("Message", {
  description: "What was or is to be sent: whereto and what about, never what it says",
});

const CountSchema = z.object({ count: z.number().int(), capped: z.boolean() });

const StatsSchema = z.object({
  byState: z.object({ ready: CountSchema, running: CountSchema, done: CountSchema, dead: CountSchema }),
  oldestReadyAt: time.nullable(),
  doneLastHour: z.number().int(),
  perMinute: z.number().openapi({ description: "Messages a minute, over the last hour" }),
}).openapi("OutboxStats");

export const outbox: AnyOperation[] = [
  operation({
    method: "get",
    path: "/outbox",
    tag,
    summary: "List messages, latest first",
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
    summary: "Tell how many messages wait or were given up, and how fast they leave",
    roles: ADMINS,
    status: 200,
    response: StatsSchema,
    run: async (cx) => ({ body: await messageStats(cx) }),
  }),
  operation({
    method: "post",
    path: "/outbox/retry",
    tag,
    summary: "Try all messages again that were given up",
    roles: ADMINS,
    status: 200,
    response: z.object({
      retried: z.number().int(),
      more: z.boolean().openapi({ description: "Whether there are more than one call takes up" }),
    }),
    run: async (cx) => ({ body: await retryAllMessages(cx) }),
  }),
  operation({
    method: "get",
    path: "/outbox/{id}",
    tag,
    summary: "Read a message",
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
    summary: "Try a message again now",
    roles: ADMINS,
    params: idPath,
    status: 200,
    response: MessageSchema,
    run: async (cx, { params }) => ({ body: await retryMessage(cx, params.id) }),
  }),
];
