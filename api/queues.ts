import { z } from "@hono/zod-openapi";
import { id } from "@/domain/validation.ts";
import { MANAGERS, STAFF } from "@/domain/permissions.ts";
import { PageOf, withArchived } from "@/domain/shared/cursor.ts";
import { ASSIGNMENT_RULES } from "@/domain/queues/next_assignee.ts";
import { getQueue, listQueues } from "@/domain/queues/read.ts";
import {
  addMember,
  ChangeMember,
  changeMember,
  CreateQueue,
  createQueue,
  EditQueue,
  editQueue,
} from "@/domain/queues/write.ts";
import { leaveQueue } from "@/domain/handover/leave.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { pageOf, PersonSchema } from "./schemas/tickets.ts";

const tag = "Queues";

const QueueItemSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  memberCount: z.number().int(),
  assignmentRule: z.enum(ASSIGNMENT_RULES),
  archived: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("QueueItem");

const QueueSchema = QueueItemSchema.extend({
  members: z.array(PersonSchema.extend({ accepts: z.boolean() })),
}).openapi("Queue");

const MemberPath = z.object({ id: idPath.shape.id, userId: idPath.shape.id });

export const queues: AnyOperation[] = [
  operation({
    method: "get",
    path: "/queues",
    tag,
    summary: "List queues by name",
    roles: STAFF,
    query: PageOf.extend(withArchived),
    status: 200,
    response: pageOf(QueueItemSchema),
    run: async (cx, { query }) => ({ body: await listQueues(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/queues",
    tag,
    summary: "Create a queue",
    roles: MANAGERS,
    body: CreateQueue,
    elsewhere: { members: "Use PUT /v1/queues/{id}/members/{userId} once it exists" },
    creates: true,
    status: 201,
    response: QueueSchema,
    run: async (cx, { body }) => {
      const queue = await createQueue(cx, body);
      return { body: queue, headers: { location: `/v1/queues/${queue.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/queues/{id}",
    tag,
    summary: "Get a queue with its members",
    roles: STAFF,
    params: idPath,
    status: 200,
    response: QueueSchema,
    run: async (cx, { params }) => ({ body: await getQueue(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/queues/{id}",
    tag,
    summary: "Change or archive a queue",
    roles: MANAGERS,
    params: idPath,
    body: EditQueue,
    elsewhere: { members: "Use PUT /v1/queues/{id}/members/{userId}" },
    versioned: true,
    status: 200,
    response: QueueSchema,
    run: async (cx, { params, body, base }) => ({
      body: await editQueue(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "put",
    path: "/queues/{id}/members/{userId}",
    tag,
    summary: "Add a member to a queue",
    roles: MANAGERS,
    params: MemberPath,
    status: 200,
    response: QueueSchema,
    run: async (cx, { params }) => ({
      body: await addMember(cx, { queueId: params.id, userId: params.userId }),
    }),
  }),
  operation({
    method: "patch",
    path: "/queues/{id}/members/{userId}",
    tag,
    summary: "Set whether a member is assigned tickets automatically",
    roles: STAFF,
    params: MemberPath,
    body: ChangeMember,
    status: 200,
    response: QueueSchema,
    run: async (cx, { params, body }) => ({
      body: await changeMember(cx, { queueId: params.id, userId: params.userId, ...body }),
    }),
  }),
  operation({
    method: "delete",
    path: "/queues/{id}/members/{userId}",
    tag,
    summary: "Remove a member from a queue",
    roles: MANAGERS,
    params: MemberPath,
    query: z.object({
      handTo: id.optional().openapi({
        description:
          "Who gets their active tickets of this queue; by default they go back to the queue. Up to 20 go " +
          "with the change, more soon after it",
      }),
    }),
    status: 204,
    run: async (cx, { params, query }) => {
      await leaveQueue(cx, { queueId: params.id, userId: params.userId, handTo: query.handTo });
      return {};
    },
  }),
];
