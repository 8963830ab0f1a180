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
  autoCloseDays: z.number().int().openapi({ description: "0: resolved tickets aren't closed by themselves" }),
  commentEditMinutes: z.number().int(),
  attachmentQuotaMib: z.number().int().nullable().openapi({
    description: "Null: what the installation allows",
  }),
  inboundUnknown: z.enum(["reject", "accept"]).openapi({
    description: "E-mails of people nobody here knows: refused, or taken as requests of new requesters",
  }),
  locale: z.string().openapi({ description: "Default for new people" }),
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
    summary: "Read the organisation's settings",
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
