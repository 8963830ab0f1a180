import { z } from "@hono/zod-openapi";
import { MANAGERS, STAFF } from "@/domain/permissions.ts";
import { PageOf, withArchived } from "@/domain/shared/cursor.ts";
import { CreatePolicy, EditPolicy } from "@/domain/sla/policies/fields.ts";
import { getPolicy, listPolicies } from "@/domain/sla/policies/read.ts";
import { createPolicy, editPolicy } from "@/domain/sla/policies/write.ts";
import { TYPES } from "@/domain/tickets/model/formatting.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { NamedSchema, pageOf } from "./schemas/tickets.ts";

const tag = "SLA";

const minutes = z.number().int().nullable();
const ByPrioritySchema = z.object({ low: minutes, medium: minutes, high: minutes, urgent: minutes })
  .openapi("MinutesByPriority", { description: "Business minutes, or null for no target" });

const PolicySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  calendar: NamedSchema,
  category: NamedSchema.nullable().openapi({ description: "Includes its subcategories. Null for any" }),
  queue: NamedSchema.nullable(),
  type: z.enum(TYPES).nullable(),
  targets: z.object({ firstResponse: ByPrioritySchema, resolution: ByPrioritySchema }),
  archived: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("SlaPolicy");

export const slaPolicies: AnyOperation[] = [
  operation({
    method: "get",
    path: "/sla-policies",
    tag,
    summary: "List SLA policies by name",
    roles: STAFF,
    query: PageOf.extend(withArchived),
    status: 200,
    response: pageOf(PolicySchema),
    run: async (cx, { query }) => ({ body: await listPolicies(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/sla-policies",
    tag,
    summary: "Create an SLA policy",
    roles: MANAGERS,
    body: CreatePolicy,
    creates: true,
    status: 201,
    response: PolicySchema,
    run: async (cx, { body }) => {
      const policy = await createPolicy(cx, body);
      return { body: policy, headers: { location: `/v1/sla-policies/${policy.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/sla-policies/{id}",
    tag,
    summary: "Get an SLA policy",
    roles: STAFF,
    params: idPath,
    status: 200,
    response: PolicySchema,
    run: async (cx, { params }) => ({ body: await getPolicy(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/sla-policies/{id}",
    tag,
    summary: "Change or archive an SLA policy. `applyToOpen` also applies it to open tickets",
    roles: MANAGERS,
    params: idPath,
    body: EditPolicy,
    versioned: true,
    status: 200,
    response: PolicySchema,
    run: async (cx, { params, body, base }) => ({
      body: await editPolicy(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
];
