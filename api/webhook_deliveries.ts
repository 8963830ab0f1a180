import { z } from "@hono/zod-openapi";
import { ADMINS } from "@/domain/permissions.ts";
import {
  getDelivery,
  ListDeliveries,
  listDeliveries,
  redeliver,
  testEndpoint,
} from "@/domain/webhooks/deliveries.ts";
import { MESSAGE_STATES } from "@/domain/messages/states.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idInPath, idPath } from "./paths.ts";
import { pageOf } from "./schemas/tickets.ts";

const tag = "Webhooks";
const deliveryPath = idPath.extend({ deliveryId: idInPath });

const DeliverySchema = z.object({
  id: z.uuid().openapi({ description: "webhook-id of every attempt" }),
  topic: z.string(),
  ticket: z.object({ id: z.uuid(), key: z.string() }).nullable(),
  state: z.enum(MESSAGE_STATES),
  attempts: z.number().int(),
  note: z.string().nullable().openapi({ description: "The last error, or why it was skipped" }),
  lastStatus: z.number().int().nullable(),
  createdAt: z.iso.datetime(),
  nextAttemptAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
}).openapi("WebhookDelivery");

const DeliveryDetailSchema = DeliverySchema.extend({
  body: z.string().nullable().openapi({
    description: "The request body; null before the first attempt",
  }),
  attemptLog: z.array(z.object({
    id: z.uuid(),
    at: z.iso.datetime(),
    url: z.string(),
    status: z.number().int().nullable(),
    error: z.string().nullable(),
    answer: z.string().nullable().openapi({ description: "First KiB of the response" }),
    durationMs: z.number().int(),
  })),
}).openapi("WebhookDeliveryDetail");

export const webhookDeliveries: AnyOperation[] = [
  operation({
    method: "post",
    path: "/webhook-endpoints/{id}/test",
    tag,
    summary: "Send a test message (webhook.test), even to a disabled endpoint",
    roles: ADMINS,
    params: idPath,
    creates: true,
    status: 201,
    response: DeliveryDetailSchema,
    run: async (cx, { params }) => {
      const delivery = await testEndpoint(cx, params.id);
      return {
        body: delivery,
        headers: { location: `/v1/webhook-endpoints/${params.id}/deliveries/${delivery.id}` },
      };
    },
  }),
  operation({
    method: "get",
    path: "/webhook-endpoints/{id}/deliveries",
    tag,
    summary: "List an endpoint's deliveries, newest first",
    roles: ADMINS,
    params: idPath,
    query: ListDeliveries,
    status: 200,
    response: pageOf(DeliverySchema),
    run: async (cx, { params, query }) => ({
      body: await listDeliveries(cx, { ...query, endpointId: params.id }),
    }),
  }),
  operation({
    method: "get",
    path: "/webhook-endpoints/{id}/deliveries/{deliveryId}",
    tag,
    summary: "Get a delivery with its body and every attempt",
    roles: ADMINS,
    params: deliveryPath,
    status: 200,
    response: DeliveryDetailSchema,
    run: async (cx, { params }) => ({
      body: await getDelivery(cx, { endpointId: params.id, id: params.deliveryId }),
    }),
  }),
  operation({
    method: "post",
    path: "/webhook-endpoints/{id}/deliveries/{deliveryId}/redeliver",
    tag,
    summary: "Redeliver a message: the same bytes under the same id",
    roles: ADMINS,
    params: deliveryPath,
    status: 200,
    response: DeliveryDetailSchema,
    run: async (cx, { params }) => ({
      body: await redeliver(cx, { endpointId: params.id, id: params.deliveryId }),
    }),
  }),
];
