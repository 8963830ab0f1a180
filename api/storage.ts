import { z } from "@hono/zod-openapi";
import { readStorage } from "@/domain/attachments/storage.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { pageOf, PersonSchema } from "./schemas/tickets.ts";

const StorageSchema = pageOf(
  z.object({
    person: PersonSchema,
    files: z.number().int(),
    bytes: z.number().int(),
    unusedFiles: z.number().int().openapi({
      description: "Uploads that nothing uses yet. Removed after an hour",
    }),
    unusedBytes: z.number().int(),
  }).openapi("StorageOfPerson"),
).extend({
  bytes: z.number().int().openapi({ description: "What all files of the organisation take" }),
  quotaBytes: z.number().int(),
}).openapi("Storage");

export const storage: AnyOperation[] = [
  operation({
    method: "get",
    path: "/storage",
    tag: "Attachments",
    summary: "List how much storage each person's files take, the most first",
    roles: ADMINS,
    query: PageOf,
    status: 200,
    response: StorageSchema,
    run: async (cx, { query }) => ({ body: await readStorage(cx, query) }),
  }),
];
