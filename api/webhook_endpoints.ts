import { z } from "@hono/zod-openapi";
import { ADMINS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import {
  DELIVERY_STATES,
  getDelivery,
  ListDeliveries,
  listDeliveries,
  redeliver,
  testEndpoint,
} from "@/domain/webhooks/deliveries.ts";
import { getEndpoint, listEndpoints, type WebhookEndpoint, withSecret } from "@/domain/webhooks/endpoints.ts";
import {
  CreateEndpoint,
  createEndpoint,
  deleteEndpoint,
  EditEndpoint,
  editEndpoint,
  RotateSecret,
  rotateSecret,
} from "@/domain/webhooks/write.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idInPath, idPath } from "./paths.ts";
import { pageOf } from "./schemas/tickets.ts";

const tag = "Webhooks";

const EndpointSchema = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string(),
  topics: z.array(z.string()).nullable().openapi({ description: "What it is told of; null for everything" }),
  includeInternal: z.boolean().openapi({ description: "Whether it is told of internal notes too" }),
  active: z.boolean(),
  disabledBecause: z.enum(["admin", "gone", "failing"]).nullable(),
  disabledAt: z.iso.datetime().nullable(),
  failingSince: z.iso.datetime().nullable(),
  secretGeneration: z.number().int(),
  overlapUntil: z.iso.datetime().nullable().openapi({
    description: "Until when the secret before signs too",
  }),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("WebhookEndpoint");

const WithSecretSchema = EndpointSchema.extend({
  secret: z.string().openapi({
    description: "Signs what is sent (Standard Webhooks); shown here and never again",
  }),
}).openapi("WebhookEndpointWithSecret");

const DeliverySchema = z.object({
  id: z.uuid().openapi({ description: "The webhook-id of each attempt" }),
  topic: z.string(),
  ticket: z.object({ id: z.uuid(), key: z.string() }).nullable(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number().int(),
  note: z.string().nullable().openapi({ description: "The last error, or why it was skipped" }),
  lastStatus: z.number().int().nullable(),
  createdAt: z.iso.datetime(),
  nextAttemptAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
}).openapi("WebhookDelivery");

const DeliveryDetailSchema = DeliverySchema.extend({
  body: z.string().nullable().openapi({
    description: "The bytes that are sent; null before the first attempt",
  }),
  attemptLog: z.array(z.object({
    id: z.uuid(),
    at: z.iso.datetime(),
    url: z.string(),
    status: z.number().int().nullable(),
    error: z.string().nullable(),
    answer: z.string().nullable().openapi({ description: "The first KiB of it" }),
    durationMs: z.number().int(),
  })),
}).openapi("WebhookDeliveryDetail");

const deliveryPath = idPath.extend({ deliveryId: idInPath });

export const webhookEndpoints: AnyOperation[] = [
  operation({
    method: "get",
    path: "/webhook-endpoints",
    tag,
    summary: "List the webhook endpoints",
    roles: ADMINS,
    query: PageOf,
    status: 200,
    response: pageOf(EndpointSchema),
    run: async (cx, { query }) => ({ body: await listEndpoints(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/webhook-endpoints",
    tag,
    summary: "Make a webhook endpoint; its secret is in this answer and in no other",
    roles: ADMINS,
    body: CreateEndpoint,
    creates: true,
    status: 201,
    response: WithSecretSchema,
    reveal: (cx, body) => withSecret(cx, body as WebhookEndpoint),
    run: async (cx, { body }) => {
      const endpoint = await createEndpoint(cx, body);
      return { body: endpoint, headers: { location: `/v1/webhook-endpoints/${endpoint.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/webhook-endpoints/{id}",
    tag,
    summary: "Read a webhook endpoint",
    roles: ADMINS,
    params: idPath,
    status: 200,
    response: EndpointSchema,
    run: async (cx, { params }) => ({ body: await getEndpoint(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/webhook-endpoints/{id}",
    tag,
    summary: "Change a webhook endpoint, disable it or enable it again",
    roles: ADMINS,
    params: idPath,
    body: EditEndpoint,
    versioned: true,
    status: 200,
    response: EndpointSchema,
    run: async (cx, { params, body, base }) => ({
      body: await editEndpoint(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "delete",
    path: "/webhook-endpoints/{id}",
    tag,
    summary: "Delete a webhook endpoint; what still waits for it is not sent",
    roles: ADMINS,
    params: idPath,
    status: 204,
    run: async (cx, { params }) => {
      await deleteEndpoint(cx, params.id);
      return {};
    },
  }),
  operation({
    method: "post",
    path: "/webhook-endpoints/{id}/rotate-secret",
    tag,
    summary: "Change the secret; the one before signs too for 24 hours, unless overlap is false",
    roles: ADMINS,
    params: idPath,
    body: RotateSecret,
    versioned: true,
    status: 200,
    response: WithSecretSchema,
    reveal: (cx, body) => withSecret(cx, body as WebhookEndpoint),
    run: async (cx, { params, body, base }) => ({
      body: await rotateSecret(cx, { id: params.id, version: base.version, overlap: body.overlap }),
    }),
  }),
  operation({
    method: "post",
    path: "/webhook-endpoints/{id}/test",
    tag,
    summary: "Send a test message (webhook.test), also to a disabled endpoint",
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
    summary: "List what was sent to an endpoint, or waits to be, latest first",
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
    summary: "Read a message with its body and every attempt",
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
    summary: "Send a message again: the same bytes under the same id",
    roles: ADMINS,
    params: deliveryPath,
    status: 200,
    response: DeliveryDetailSchema,
    run: async (cx, { params }) => ({
      body: await redeliver(cx, { endpointId: params.id, id: params.deliveryId }),
    }),
  }),
];
