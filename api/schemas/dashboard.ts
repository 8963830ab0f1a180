import { z } from "@hono/zod-openapi";
import { CountSchema, NamedSchema, PersonSchema, TicketItemSchema } from "./tickets.ts";

const time = z.iso.datetime();

export const FigureSchema = CountSchema.extend({
  list: z.string().openapi({
    description: "The list that has exactly these",
    example: "/v1/tickets?assigneeId=me&status=open",
  }),
}).openapi("Figure");

const tickets = z.array(TicketItemSchema);

const RequestsSchema = z.object({
  open: FigureSchema.openapi({ description: "New, open or in progress" }),
  pending: FigureSchema,
  resolved: FigureSchema,
  items: z.array(z.object({
    ticket: TicketItemSchema,
    nextStep: z.object({
      text: z.string().openapi({ example: "Waiting for you: Emi asked a question" }),
      turn: z.enum(["you", "desk", "nobody"]).openapi({ description: "Whose turn it is" }),
    }),
  })).openapi({ description: "Active and resolved; those that wait for you first, then the last changed" }),
}).openapi("DashboardRequests");

const WorkSchema = z.object({
  assigned: FigureSchema.openapi({ description: "Active tickets that are assigned to you" }),
  needsReply: FigureSchema.openapi({ description: "Those in which the requester's side spoke last" }),
  breached: FigureSchema.openapi({ description: "Those that missed a target" }),
  unassigned: FigureSchema,
  dueNext: tickets.openapi({ description: "Assigned to you, by due time" }),
  waiting: tickets.openapi({ description: "They need your reply, the longest unchanged first" }),
  toTake: tickets.openapi({ description: "Without an assignee, the last changed first" }),
  queues: z.array(z.object({ queue: NamedSchema, active: FigureSchema, unassigned: FigureSchema }))
    .openapi({ description: "Queues that you are a member of" }),
}).openapi("DashboardWork");

const AttainmentSchema = z.object({
  week: z.iso.date().openapi({ description: "Its first day" }),
  attainment: z.number().nullable().openapi({ description: "Met, of met and breached, in percent" }),
  met: FigureSchema,
  breached: FigureSchema,
}).openapi("DashboardAttainment");

const weeks = z.array(AttainmentSchema).length(2).openapi({
  description: "Last week, and this week so far",
});

const TeamSchema = z.object({
  firstResponse: weeks,
  resolution: weeks,
  breachedToday: z.object({ firstResponse: FigureSchema, resolution: FigureSchema }),
  breached: FigureSchema.openapi({ description: "Active tickets that missed a target" }),
  backlog: FigureSchema.extend({
    days: z.array(z.object({ day: z.iso.date(), open: z.number().int() })).openapi({
      description: "Open tickets at the end of each of the last 30 days; the last one is now",
    }),
  }).openapi("DashboardBacklog"),
  ageing: z.array(FigureSchema.extend({ name: z.string(), label: z.string() }).openapi("DashboardAge"))
    .openapi({
      description: "Open tickets by age",
    }),
  load: z.array(z.object({ agent: PersonSchema, active: FigureSchema })).openapi({
    description: "Agents by their active tickets, most first",
  }),
  moreAgents: z.number().int().openapi({ description: "How many agents aren't listed" }),
  complete: z.boolean().openapi({ description: "False while changes of tickets are still to be counted" }),
}).openapi("DashboardTeam");

const HealthSchema = z.object({
  delivers: z.boolean().openapi({ description: "Whether a mail transport is set up" }),
  deadLetters: z.object({ email: FigureSchema, webhook: FigureSchema, inbound: FigureSchema }),
  jobs: z.object({
    dead: CountSchema.openapi({ description: "Other jobs that are no longer retried" }),
    oldestDueAt: time.nullable().openapi({ description: "Since when the longest waiting job is due" }),
  }),
  webhooks: z.object({
    endpoints: z.number().int(),
    failing: z.number().int(),
    disabled: z.number().int().openapi({ description: "Because they failed, or are gone" }),
  }),
  facts: z.object({
    behind: CountSchema.openapi({ description: "Changed tickets that reports don't count yet" }),
    comparedAt: time.nullable().openapi({
      description: "When reports were last compared with the history of tickets",
    }),
    differences: z.number().int(),
  }),
}).openapi("DashboardHealth");

export const DashboardSchema = z.object({
  madeAt: time,
  requests: RequestsSchema.nullable().openapi({ description: "For requesters" }),
  work: WorkSchema.nullable().openapi({ description: "For staff" }),
  team: TeamSchema.nullable().openapi({ description: "For managers and admins" }),
  health: HealthSchema.nullable().openapi({ description: "For admins" }),
}).openapi("Dashboard");
