import { z } from "@hono/zod-openapi";
import { ANYONE, MANAGERS } from "@/domain/permissions.ts";
import { FIELD_TYPES } from "@/domain/catalog/fields.ts";
import { ITEM_ICONS } from "@/domain/catalog/icons.ts";
import { getCatalogItem, listCatalog } from "@/domain/catalog/read.ts";
import { readRequest, RequestItem, requestItem } from "@/domain/catalog/request.ts";
import {
  CreateCatalogItem,
  createCatalogItem,
  EditCatalogItem,
  editCatalogItem,
  OrderCatalog,
  orderCatalog,
} from "@/domain/catalog/write.ts";
import { PageOf, withArchived } from "@/domain/shared/cursor.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { NamedSchema, pageOf, TicketSchema } from "./schemas/tickets.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Catalog";

const FieldSchema = z.object({
  key: z.string(),
  type: z.enum(FIELD_TYPES),
  label: z.string(),
  help: z.string(),
  required: z.boolean(),
  options: z.array(z.string()),
  min: z.number().optional(),
  max: z.number().optional(),
  showIf: z.object({ field: z.string(), equals: z.string() }).nullable(),
}).openapi("CatalogField");

const ItemSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  icon: z.enum(ITEM_ICONS),
  section: z.string(),
  category: NamedSchema.nullable(),
  queue: NamedSchema.nullable(),
  fields: z.array(FieldSchema),
  position: z.number().int(),
  archived: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("CatalogItem");

const AnswersSchema = z.record(z.string(), z.unknown()).openapi({
  description: "By field key. A person is an id or email address; a file is a list of upload ids",
  example: { model: "14 inches", for_whom: "ana@example.com", urgent: true },
});

const RequestSchema = z.object({
  item: NamedSchema.extend({ version: z.number().int() }),
  answers: AnswersSchema,
  answered: z.array(z.object({ label: z.string(), text: z.string() })),
}).openapi("CatalogRequest");

export const catalog: AnyOperation[] = [
  operation({
    method: "get",
    path: "/catalog",
    tag,
    summary: "List catalog items, in the catalog's order",
    roles: ANYONE,
    query: PageOf.extend(withArchived),
    status: 200,
    response: pageOf(ItemSchema),
    run: async (cx, { query }) => ({ body: await listCatalog(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/catalog",
    tag,
    summary: "Create a catalog item",
    roles: MANAGERS,
    body: CreateCatalogItem,
    creates: true,
    status: 201,
    response: ItemSchema,
    run: async (cx, { body }) => {
      const item = await createCatalogItem(cx, body);
      return { body: item, headers: { location: `/v1/catalog/${item.id}` } };
    },
  }),
  operation({
    method: "put",
    path: "/catalog/order",
    tag,
    summary: "Reorder catalog items. Items that aren't named follow",
    roles: MANAGERS,
    body: OrderCatalog,
    status: 204,
    run: async (cx, { body }) => {
      await orderCatalog(cx, body);
      return {};
    },
  }),
  operation({
    method: "get",
    path: "/catalog/{id}",
    tag,
    summary: "Get a catalog item with its form",
    roles: ANYONE,
    params: idPath,
    status: 200,
    response: ItemSchema,
    run: async (cx, { params }) => ({ body: await getCatalogItem(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/catalog/{id}",
    tag,
    summary: "Change or archive a catalog item",
    roles: MANAGERS,
    params: idPath,
    body: EditCatalogItem,
    versioned: true,
    status: 200,
    response: ItemSchema,
    run: async (cx, { params, body, base }) => ({
      body: await editCatalogItem(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "post",
    path: "/catalog/{id}/requests",
    tag,
    summary: "Submit a request for a catalog item",
    roles: ANYONE,
    params: idPath,
    body: RequestItem.extend({ answers: AnswersSchema.default({}) }),
    creates: true,
    status: 201,
    response: TicketSchema,
    run: async (cx, { params, body }) => {
      const ticket = await requestItem(cx, { ...body, itemId: params.id, source: "api" });
      return { body: ticket, headers: { location: `/v1/tickets/${ticket.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/tickets/{id}/request",
    tag,
    summary: "Get the catalog request of a ticket, or null if it didn't come from the catalog",
    roles: ANYONE,
    params: TicketPath,
    status: 200,
    response: z.object({ request: RequestSchema.nullable() }),
    run: async (cx, { params }) => ({ body: { request: await readRequest(cx, params.id) } }),
  }),
];
