import { z } from "@hono/zod-openapi";
import { ADMINS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
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
import { idPath } from "./paths.ts";
import { pageOf } from "./schemas/tickets.ts";

const tag = "Webhooks";

const EndpointSchema = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string(),
  topics: z.array(z.string()).nullable().openapi({ description: "Topics it receives; null for all" }),
  includeInternal: z.boolean().openapi({ description: "Whether it receives internal notes" }),
  active: z.boolean(),
  disabledBecause: z.enum(["admin", "gone", "failing"]).nullable(),
  disabledAt: z.iso.datetime().nullable(),
  failingSince: z.iso.datetime().nullable(),
  secretGeneration: z.number().int(),
  overlapUntil: z.iso.datetime().nullable().openapi({
    description: "Until when the previous secret also signs",
  }),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("WebhookEndpoint");

const WithSecretSchema = EndpointSchema.extend({
  secret: z.string().openapi({
    description: "Signing secret (Standard Webhooks). Shown only once",
  }),
}).openapi("WebhookEndpointWithSecret");

export const webhookEndpoints: AnyOperation[] = [
  operation({
    method: "get",
    path: "/webhook-endpoints",
    tag,
    summary: "List webhook endpoints",
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
    summary: "Create a webhook endpoint. Its secret is shown only in this answer",
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
    summary: "Get a webhook endpoint",
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
    summary: "Change, disable or enable a webhook endpoint",
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
    summary: "Delete a webhook endpoint. Its queued messages aren't sent",
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
    summary: "Rotate the secret. The previous one also signs for 24 hours, unless `overlap` is false",
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
];
