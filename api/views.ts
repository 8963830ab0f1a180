import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { SORTS } from "@/domain/tickets/model/filter.ts";
import { getView, listViews } from "@/domain/views/read.ts";
import { CreateView, createView, deleteView, EditView, editView } from "@/domain/views/write.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { NamedSchema, pageOf } from "./schemas/tickets.ts";

const tag = "Views";

const ViewSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  owner: NamedSchema,
  shared: z.boolean(),
  filter: z.record(z.string(), z.unknown()).openapi({
    description: "Filters of the ticket list",
    example: { status: ["open"], assigneeId: ["me"] },
  }),
  sort: z.enum(SORTS),
  editable: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("View");

export const views: AnyOperation[] = [
  operation({
    method: "get",
    path: "/views",
    tag,
    summary: "List your views and those shared with you",
    roles: ANYONE,
    query: PageOf,
    status: 200,
    response: pageOf(ViewSchema),
    run: async (cx, { query }) => ({ body: await listViews(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/views",
    tag,
    summary: "Save a ticket list as a view",
    roles: ANYONE,
    body: CreateView,
    creates: true,
    status: 201,
    response: ViewSchema,
    run: async (cx, { body }) => {
      const view = await createView(cx, body);
      return { body: view, headers: { location: `/v1/views/${view.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/views/{id}",
    tag,
    summary: "Get a view",
    roles: ANYONE,
    params: idPath,
    status: 200,
    response: ViewSchema,
    run: async (cx, { params }) => ({ body: await getView(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/views/{id}",
    tag,
    summary: "Change a view",
    roles: ANYONE,
    params: idPath,
    body: EditView,
    versioned: true,
    status: 200,
    response: ViewSchema,
    run: async (cx, { params, body, base }) => ({
      body: await editView(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "delete",
    path: "/views/{id}",
    tag,
    summary: "Delete a view",
    roles: ANYONE,
    params: idPath,
    status: 204,
    run: async (cx, { params }) => {
      await deleteView(cx, params.id);
      return {};
    },
  }),
];
