import { z } from "@hono/zod-openapi";
import { STAFF } from "@/domain/permissions.ts";
import { ListTags, listTags } from "@/domain/tickets/tags.ts";
import { type AnyOperation, operation } from "./operation.ts";

const tag = "Tickets";

export const tags: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tags",
    tag,
    summary: "List tags in use, by prefix",
    roles: STAFF,
    query: ListTags,
    status: 200,
    response: z.object({ items: z.array(z.string()) }),
    run: async (cx, { query }) => ({ body: await listTags(cx, query) }),
  }),
];
