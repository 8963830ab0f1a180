import { z } from "@hono/zod-openapi";
import { STAFF } from "@/domain/permissions.ts";
import { announceLeaving, AnnouncePresence, announcePresence, listPresence } from "@/live/presence.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Live events";

const PresentSchema = z.object({
  items: z.array(z.object({ id: z.uuid(), name: z.string(), state: z.enum(["viewing", "replying"]) })),
}).openapi("Present");

export const presence: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tickets/{id}/presence",
    tag,
    summary: "List the colleagues who have a ticket open, and who is writing a reply",
    roles: STAFF,
    params: TicketPath,
    status: 200,
    response: PresentSchema,
    run: async (cx, { params }) => ({ body: { items: await listPresence(cx, { ticketId: params.id }) } }),
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/presence",
    tag,
    summary: "Report that you have a ticket open. Expires after 30 seconds",
    roles: STAFF,
    params: TicketPath,
    body: AnnouncePresence,
    status: 200,
    response: PresentSchema,
    run: async (cx, { params, body }) => ({
      body: { items: await announcePresence(cx, { ...body, ticketId: params.id }) },
    }),
  }),
  operation({
    method: "delete",
    path: "/tickets/{id}/presence",
    tag,
    summary: "Report that you have left a ticket",
    roles: STAFF,
    params: TicketPath,
    status: 204,
    run: async (cx, { params }) => {
      await announceLeaving(cx, { ticketId: params.id });
      return {};
    },
  }),
];
