import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import { ADMIN_NOTICES, NOTIFICATION_KINDS } from "@/domain/notifications/kinds.ts";
import { ListNotifications, listNotifications } from "@/domain/notifications/inbox/list.ts";
import { ReadNotifications, readNotifications } from "@/domain/notifications/inbox/read.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { NamedSchema, pageOf } from "./schemas/tickets.ts";

const tag = "Notifications";

const UnreadSchema = z.object({
  count: z.number().int(),
  capped: z.boolean().openapi({ description: "Whether counting stopped at a maximum" }),
}).openapi("Unread");

const NotificationSchema = z.object({
  id: z.uuid(),
  kind: z.enum([...NOTIFICATION_KINDS, ...ADMIN_NOTICES]),
  message: z.string().openapi({ example: "Ana Agent replied" }),
  ticket: z.object({ id: z.uuid(), key: z.string(), title: z.string() }).nullable(),
  actor: NamedSchema.nullable().openapi({ description: "Null if the system did it" }),
  commentId: z.uuid().nullable(),
  excerpt: z.string().openapi({ description: "The beginning of the comment" }),
  internal: z.boolean(),
  path: z.string().openapi({
    description: "The page it links to. A POST to it marks it as read, following the link does not",
  }),
  readAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
}).openapi("Notification");

export const notifications: AnyOperation[] = [
  operation({
    method: "get",
    path: "/notifications",
    tag,
    summary: "List your notifications, newest first, with the number of unread ones",
    roles: ANYONE,
    query: ListNotifications,
    status: 200,
    response: pageOf(NotificationSchema).extend({ unread: UnreadSchema }),
    run: async (cx, { query }) => ({ body: await listNotifications(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/notifications/read",
    tag,
    summary: "Mark notifications as read: by id, all, or those about a ticket",
    roles: ANYONE,
    body: ReadNotifications,
    status: 200,
    response: z.object({ unread: UnreadSchema }),
    run: async (cx, { body }) => ({ body: await readNotifications(cx, body) }),
  }),
];
