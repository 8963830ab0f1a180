import { z } from "@hono/zod-openapi";
import { ADMINS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { listSuppressedAddresses, removeSuppression } from "@/domain/mail/suppression.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { pageOf } from "./schemas/tickets.ts";

const tag = "Mail";

const SuppressedSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  reason: z.enum(["bounce", "complaint"]),
  detail: z.string().openapi({ description: "What the receiving server or provider reported" }),
  outboxId: z.uuid().nullable(),
  at: z.iso.datetime(),
}).openapi("SuppressedAddress");

export const suppressedAddresses: AnyOperation[] = [
  operation({
    method: "get",
    path: "/suppressed-addresses",
    tag,
    summary: "List suppressed addresses",
    roles: ADMINS,
    query: PageOf,
    status: 200,
    response: pageOf(SuppressedSchema),
    run: async (cx, { query }) => ({ body: await listSuppressedAddresses(cx, query) }),
  }),
  operation({
    method: "delete",
    path: "/suppressed-addresses/{id}",
    tag,
    summary: "Allow emails to a suppressed address again",
    roles: ADMINS,
    params: idPath,
    status: 204,
    run: async (cx, { params }) => {
      await removeSuppression(cx, params.id);
      return {};
    },
  }),
];
