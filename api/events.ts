import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import { authoriseStream, hubOf } from "@/live/hub.ts";
import { ListEvents, listEvents } from "@/domain/events/list.ts";
import { type AnyOperation, operation } from "./operation.ts";

const EventSchema = z.object({
  id: z.string().openapi({ description: "Cursor: Last-Event-ID of a stream, `after` of a page" }),
  topic: z.string().openapi({ example: "ticket.commented" }),
  entity: z.string().openapi({ example: "ticket" }),
  entityId: z.uuid(),
  version: z.number().int().nullable(),
  at: z.iso.datetime(),
}).openapi("Event");

export const events: AnyOperation[] = [
  operation({
    method: "get",
    path: "/events",
    tag: "Live events",
    summary: "Stream the events you may see with Accept: text/event-stream, or list them in pages",
    roles: ANYONE,
    query: ListEvents,
    status: 200,
    response: z.object({
      items: z.array(EventSchema),
      nextCursor: z.string().openapi({
        description: "Send it as `after`: immediately if `more` is true, otherwise later",
      }),
      more: z.boolean(),
    }),
    run: async (cx, { query }) => ({ body: await listEvents(cx, query) }),
    stream: async (cx, { query, lastEventId }) => {
      const admitted = await authoriseStream(cx, lastEventId ?? query.after);
      return () => hubOf(cx.services).subscribe(admitted);
    },
  }),
];
