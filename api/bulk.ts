import { z } from "@hono/zod-openapi";
import { STAFF } from "@/domain/permissions.ts";
import {
  type BulkResult,
  ChangeTickets,
  changeTickets,
  stillVisible,
} from "@/domain/tickets/actions/bulk.ts";
import { type AnyOperation, operation } from "./operation.ts";

const ChangeSchema = z.object({ from: z.string().nullable(), to: z.string().nullable() });

const BulkRowSchema = z.object({
  id: z.uuid(),
  key: z.string().nullable(),
  title: z.string().nullable(),
  outcome: z.enum(["changed", "unchanged", "refused"]),
  changes: z.record(z.string(), ChangeSchema),
  version: z.number().int().nullable(),
  problem: z.object({
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
  }).nullable(),
}).openapi("BulkRow");

export const bulk: AnyOperation[] = [
  operation({
    method: "post",
    path: "/tickets/bulk",
    tag: "Tickets",
    summary: "Change many tickets at once. Each change succeeds or fails as a whole; a dry run previews them",
    roles: STAFF,
    body: ChangeTickets,
    creates: true,
    again: (cx, body) => stillVisible(cx, body as BulkResult),
    status: 200,
    response: z.object({
      dryRun: z.boolean(),
      done: z.number().int().openapi({ description: "How many tickets this call dealt with" }),
      more: z.boolean().openapi({ description: "Whether the filter matches more tickets" }),
      nextCursor: z.string().nullable().openapi({
        description: "Send it as `cursor`, with the same filter, to go on. Null at the end",
      }),
      items: z.array(BulkRowSchema),
    }).openapi("BulkResult"),
    run: async (cx, { body }) => ({ body: await changeTickets(cx, body) }),
  }),
];
