import { z } from "@hono/zod-openapi";
import { ANYONE, MANAGERS, STAFF } from "@/domain/permissions.ts";
import { PageOf, withArchived } from "@/domain/shared/cursor.ts";
import { MACRO_STATUSES } from "@/domain/replies/macros/fields.ts";
import { ApplyMacro, applyMacro } from "@/domain/replies/macros/apply.ts";
import { getMacro, listMacros } from "@/domain/replies/macros/read.ts";
import { CreateMacro, createMacro, EditMacro, editMacro } from "@/domain/replies/macros/write.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { PENDING_REASONS } from "@/domain/tickets/model/states.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { pageOf, TicketSchema } from "./schemas/tickets.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Macros";

const ActionsSchema = z.object({
  priority: z.enum(PRIORITIES).optional(),
  categoryId: z.uuid().nullable().optional(),
  queueId: z.uuid().nullable().optional(),
  assigneeId: z.union([z.literal("me"), z.uuid()]).nullable().optional(),
  addTags: z.array(z.string()),
  removeTags: z.array(z.string()),
  status: z.enum(MACRO_STATUSES).optional(),
  reason: z.enum(PENDING_REASONS).optional(),
  waitDays: z.number().int().optional(),
  note: z.string().optional(),
  reply: z.string().optional(),
  replyVisibility: z.enum(["public", "internal"]),
}).openapi("MacroActions", { description: "Fields that are left out stay unchanged; null clears them" });

const MacroSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  actions: ActionsSchema,
  steps: z.array(z.string()).openapi({ description: "What it does, as sentences" }),
  archived: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("Macro");

export const macros: AnyOperation[] = [
  operation({
    method: "get",
    path: "/macros",
    tag,
    summary: "List macros by name",
    roles: STAFF,
    query: PageOf.extend(withArchived),
    status: 200,
    response: pageOf(MacroSchema),
    run: async (cx, { query }) => ({ body: await listMacros(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/macros",
    tag,
    summary: "Create a macro",
    roles: MANAGERS,
    body: CreateMacro,
    creates: true,
    status: 201,
    response: MacroSchema,
    run: async (cx, { body }) => {
      const macro = await createMacro(cx, body);
      return { body: macro, headers: { location: `/v1/macros/${macro.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/macros/{id}",
    tag,
    summary: "Get a macro",
    roles: STAFF,
    params: idPath,
    status: 200,
    response: MacroSchema,
    run: async (cx, { params }) => ({ body: await getMacro(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/macros/{id}",
    tag,
    summary: "Change or archive a macro. Its actions are replaced as a whole",
    roles: MANAGERS,
    params: idPath,
    body: EditMacro,
    versioned: true,
    status: 200,
    response: MacroSchema,
    run: async (cx, { params, body, base }) => ({
      body: await editMacro(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/macro",
    tag,
    summary: "Apply a macro to a ticket, completely or not at all",
    // A requester who may not see the ticket must not learn that it exists.
    roles: ANYONE,
    params: TicketPath,
    body: ApplyMacro,
    versioned: true,
    status: 200,
    response: TicketSchema,
    run: async (cx, { params, body, base }) => {
      const { ticket } = await applyMacro(cx, {
        id: params.id,
        macroId: body.macroId,
        version: base.version,
      });
      return { body: ticket };
    },
  }),
];
