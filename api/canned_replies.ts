import { z } from "@hono/zod-openapi";
import { STAFF } from "@/domain/permissions.ts";
import { getCannedReply, ListCannedReplies, listCannedReplies } from "@/domain/replies/canned/read.ts";
import {
  CreateCannedReply,
  createCannedReply,
  EditCannedReply,
  editCannedReply,
} from "@/domain/replies/canned/write.ts";
import { withArchived } from "@/domain/shared/cursor.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { pageOf } from "./schemas/tickets.ts";

const tag = "Canned replies";

const CannedReplySchema = z.object({
  id: z.uuid(),
  title: z.string(),
  body: z.string().openapi({
    description:
      "Placeholders: {{requester.name}}, {{requester.firstName}}, {{ticket.key}}, {{ticket.title}}, {{agent.name}}",
  }),
  shared: z.boolean().openapi({ description: "Whether all staff may use it; otherwise it is yours alone" }),
  archived: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("CannedReply");

export const cannedReplies: AnyOperation[] = [
  operation({
    method: "get",
    path: "/canned-replies",
    tag,
    summary: "List shared canned replies and your own, by title",
    roles: STAFF,
    query: ListCannedReplies.extend(withArchived),
    status: 200,
    response: pageOf(CannedReplySchema),
    run: async (cx, { query }) => ({ body: await listCannedReplies(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/canned-replies",
    tag,
    summary: "Create a canned reply. Managers may share theirs with all staff",
    roles: STAFF,
    body: CreateCannedReply,
    creates: true,
    status: 201,
    response: CannedReplySchema,
    run: async (cx, { body }) => {
      const reply = await createCannedReply(cx, body);
      return { body: reply, headers: { location: `/v1/canned-replies/${reply.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/canned-replies/{id}",
    tag,
    summary: "Get a canned reply",
    roles: STAFF,
    params: idPath,
    status: 200,
    response: CannedReplySchema,
    run: async (cx, { params }) => ({ body: await getCannedReply(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/canned-replies/{id}",
    tag,
    summary: "Change or archive a canned reply",
    roles: STAFF,
    params: idPath,
    body: EditCannedReply,
    versioned: true,
    status: 200,
    response: CannedReplySchema,
    run: async (cx, { params, body, base }) => ({
      body: await editCannedReply(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
];
