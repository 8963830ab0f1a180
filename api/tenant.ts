import { z } from "@hono/zod-openapi";
import { ADMINS } from "@/domain/permissions.ts";
import { EditSettings, editSettings, readSettings } from "@/domain/organisations/settings.ts";
import { type AnyOperation, operation } from "./operation.ts";

const tag = "Organisation";

const SettingsSchema = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  agentsSeeAll: z.boolean(),
  reopenDays: z.number().int(),
  autoCloseDays: z.number().int().openapi({
    description: "Days until resolved tickets are closed automatically. 0 turns this off",
  }),
  commentEditMinutes: z.number().int(),
  attachmentQuotaMib: z.number().int().nullable().openapi({
    description: "Null for the installation's default",
  }),
  inboundUnknown: z.enum(["reject", "accept"]).openapi({
    description: "Emails from unknown senders: refuse them, or create requesters and tickets from them",
  }),
  defaultQueueId: z.uuid().openapi({
    description: "The queue of tickets that no category, catalog item or person routes elsewhere",
  }),
  locale: z.string().openapi({ description: "Default for new users" }),
  timeZone: z.string(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("Tenant");

export const tenant: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tenant",
    tag,
    summary: "Get the organisation's settings",
    roles: ADMINS,
    status: 200,
    response: SettingsSchema,
    run: async (cx) => ({ body: await readSettings(cx) }),
  }),
  operation({
    method: "patch",
    path: "/tenant",
    tag,
    summary: "Change the organisation's settings",
    roles: ADMINS,
    body: EditSettings,
    versioned: true,
    status: 200,
    response: SettingsSchema,
    run: async (cx, { body, base }) => ({ body: await editSettings(cx, { ...body, version: base.version }) }),
  }),
];
