import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import { AddWatcher, addWatcher, listWatchers, removeWatcher } from "@/domain/tickets/watchers/watchers.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { PersonSchema } from "./schemas/tickets.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Watchers";

const WatcherPath = TicketPath.extend({
  userId: z.string().openapi({ description: "A user's id, or `me`" }),
});

const WatchersSchema = z.object({
  items: z.array(
    PersonSchema.extend({ removable: z.boolean().openapi({ description: "Whether you may remove them" }) })
      .openapi("Watcher"),
  ),
  watching: z.boolean().openapi({ description: "Whether you are a watcher" }),
}).openapi("Watchers");

export const watchers: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tickets/{id}/watchers",
    tag,
    summary: "List a ticket's watchers",
    roles: ANYONE,
    params: TicketPath,
    status: 200,
    response: WatchersSchema,
    run: async (cx, { params }) => ({ body: await listWatchers(cx, params.id) }),
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/watchers",
    tag,
    summary: "Add a watcher by email address",
    roles: ANYONE,
    params: TicketPath,
    body: AddWatcher,
    status: 200,
    response: WatchersSchema,
    run: async (cx, { params, body }) => {
      const { items, watching } = await addWatcher(cx, { ticketId: params.id, who: body.email, by: "email" });
      return { body: { items, watching } };
    },
  }),
  operation({
    method: "put",
    path: "/tickets/{id}/watchers/{userId}",
    tag,
    summary: "Watch a ticket, or add a watcher",
    roles: ANYONE,
    params: WatcherPath,
    status: 200,
    response: WatchersSchema,
    run: async (cx, { params }) => {
      const { items, watching } = await addWatcher(cx, { ticketId: params.id, who: params.userId });
      return { body: { items, watching } };
    },
  }),
  operation({
    method: "delete",
    path: "/tickets/{id}/watchers/{userId}",
    tag,
    summary: "Stop watching, or remove a watcher",
    roles: ANYONE,
    params: WatcherPath,
    status: 204,
    run: async (cx, { params }) => {
      await removeWatcher(cx, { ticketId: params.id, who: params.userId });
      return {};
    },
  }),
];
