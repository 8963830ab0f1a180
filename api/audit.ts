import { z } from "@hono/zod-openapi";
import { ADMINS } from "@/domain/permissions.ts";
import { ListAudit, listAudit } from "@/domain/audit/list.ts";
import { VerifyAudit, verifyAudit } from "@/domain/audit/verify.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { pageOf, PersonSchema } from "./schemas/tickets.ts";

const tag = "Audit";

const AuditEntrySchema = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  actor: PersonSchema.nullable().openapi({ description: "Null if the system did it" }),
  action: z.string().openapi({ example: "ticket.transitioned" }),
  entity: z.string(),
  entityId: z.uuid(),
  label: z.string().openapi({ description: "The entity's present name, such as a ticket's key" }),
  internal: z.boolean(),
  changes: z.record(z.string(), z.unknown()),
  requestId: z.string(),
  ip: z.string(),
}).openapi("AuditEntry");

const VerificationSchema = z.object({
  ok: z.boolean(),
  rows: z.number().int(),
  seals: z.number().int(),
  failures: z.array(z.object({
    reason: z.enum(["changed", "removed", "seal_changed", "seal_removed"]),
    id: z.string().openapi({ description: "The row's id, or the seal's number" }),
    at: z.iso.datetime().nullable(),
  })),
  wrong: z.number().int().openapi({ description: "Number of failures. At most 100 are listed" }),
  head: z.object({ number: z.number().int(), mac: z.string() }).nullable().openapi({
    description: "The latest seal. Kept elsewhere, it later proves that the end of the log wasn't cut off",
  }),
  nextCursor: z.string().nullable(),
}).openapi("AuditVerification");

export const audit: AnyOperation[] = [
  operation({
    method: "get",
    path: "/audit",
    tag,
    summary: "List audit entries, newest first",
    roles: ADMINS,
    query: ListAudit,
    status: 200,
    response: pageOf(AuditEntrySchema),
    run: async (cx, { query }) => ({ body: await listAudit(cx, query) }),
  }),
  operation({
    method: "get",
    path: "/audit/verify",
    tag,
    summary: "Verify that no audit entry was changed or removed, one part per call",
    roles: ADMINS,
    query: VerifyAudit,
    status: 200,
    response: VerificationSchema,
    run: async (cx, { query }) => ({ body: await verifyAudit(cx, query) }),
  }),
];
