import { z } from "@hono/zod-openapi";
import { MANAGERS, STAFF } from "@/domain/permissions.ts";
import { CreateCalendar, EditCalendar } from "@/domain/sla/calendars/fields.ts";
import { getCalendar, listCalendars } from "@/domain/sla/calendars/read.ts";
import { createCalendar, editCalendar } from "@/domain/sla/calendars/write.ts";
import { PageOf, withArchived } from "@/domain/shared/cursor.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { pageOf } from "./schemas/tickets.ts";

const tag = "SLA";

const SpansSchema = z.array(z.object({
  from: z.string().openapi({ example: "09:00" }),
  to: z.string().openapi({
    example: "17:00",
    description: "Up to 24:00. At or before `from` it is on the next day",
  }),
}));

const CalendarSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  timeZone: z.string().openapi({ example: "Europe/Vienna" }),
  week: z.object({
    monday: SpansSchema,
    tuesday: SpansSchema,
    wednesday: SpansSchema,
    thursday: SpansSchema,
    friday: SpansSchema,
    saturday: SpansSchema,
    sunday: SpansSchema,
  }),
  holidays: z.array(z.object({
    date: z.iso.date(),
    name: z.string(),
    from: z.string().optional().openapi({
      example: "12:00",
      description: "When it begins, with `to`; without them it is closed all day",
    }),
    to: z.string().optional().openapi({ example: "24:00" }),
  })),
  archived: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi("Calendar");

export const calendars: AnyOperation[] = [
  operation({
    method: "get",
    path: "/calendars",
    tag,
    summary: "List calendars by name",
    roles: STAFF,
    query: PageOf.extend(withArchived),
    status: 200,
    response: pageOf(CalendarSchema),
    run: async (cx, { query }) => ({ body: await listCalendars(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/calendars",
    tag,
    summary: "Create a calendar",
    roles: MANAGERS,
    body: CreateCalendar,
    creates: true,
    status: 201,
    response: CalendarSchema,
    run: async (cx, { body }) => {
      const calendar = await createCalendar(cx, body);
      return { body: calendar, headers: { location: `/v1/calendars/${calendar.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/calendars/{id}",
    tag,
    summary: "Get a calendar",
    roles: STAFF,
    params: idPath,
    status: 200,
    response: CalendarSchema,
    run: async (cx, { params }) => ({ body: await getCalendar(cx, params.id) }),
  }),
  operation({
    method: "patch",
    path: "/calendars/{id}",
    tag,
    summary: "Change or archive a calendar. `applyToOpen` also applies it to open tickets",
    roles: MANAGERS,
    params: idPath,
    body: EditCalendar,
    versioned: true,
    status: 200,
    response: CalendarSchema,
    run: async (cx, { params, body, base }) => ({
      body: await editCalendar(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
];
