import { z } from "@hono/zod-openapi";
import { ANYONE, MANAGERS, STAFF } from "@/domain/permissions.ts";
import { OrderCategories, orderCategories } from "@/domain/categories/order.ts";
import { getCategory, listCategories } from "@/domain/categories/read.ts";
import { CreateCategory, createCategory, EditCategory, editCategory } from "@/domain/categories/write.ts";
import { PageOf, withArchived } from "@/domain/shared/cursor.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { NamedSchema, pageOf } from "./schemas/tickets.ts";

const tag = "Categories";

const CategorySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  parentId: z.uuid().nullable(),
  queue: NamedSchema.nullable(),
  archived: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("Category");

const CategoryItemSchema = CategorySchema.partial().required({ id: true, name: true, parentId: true })
  .openapi("CategoryItem", { description: "Requesters get only id, name and parentId" });

export const categories: AnyOperation[] = [
  operation({
    method: "get",
    path: "/categories",
    tag,
    summary: "List categories by name, each with its parent's id",
    roles: ANYONE,
    query: PageOf.extend(withArchived),
    status: 200,
    response: pageOf(CategoryItemSchema),
    run: async (cx, { query }) => ({ body: await listCategories(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/categories",
    tag,
    summary: "Create a category",
    roles: MANAGERS,
    body: CreateCategory,
    creates: true,
    status: 201,
    response: CategorySchema,
    run: async (cx, { body }) => {
      const category = await createCategory(cx, body);
      return { body: category, headers: { location: `/v1/categories/${category.id}` } };
    },
  }),
  operation({
    method: "put",
    path: "/categories/order",
    tag,
    summary: "Reorder sibling categories. Siblings that aren't named follow",
    roles: MANAGERS,
    body: OrderCategories,
    status: 204,
    run: async (cx, { body }) => {
      await orderCategories(cx, body);
      return {};
    },
  }),
  operation({
    method: "get",
    path: "/categories/{id}",
    tag,
    summary: "Get a category",
    roles: STAFF,
    params: idPath,
    status: 200,
    response: CategorySchema,
    run: async (cx, { params }) => ({ body: await getCategory(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/categories/{id}",
    tag,
    summary: "Change, move or archive a category",
    roles: MANAGERS,
    params: idPath,
    body: EditCategory,
    versioned: true,
    status: 200,
    response: CategorySchema,
    run: async (cx, { params, body, base }) => ({
      body: await editCategory(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
];
