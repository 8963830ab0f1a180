import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import { Search, search as searchEverything } from "@/domain/search/search.ts";
import { TYPES } from "@/domain/tickets/model/formatting.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { STATUSES } from "@/domain/tickets/model/states.ts";
import { type AnyOperation, operation } from "./operation.ts";

const MarkedSchema = z.object({
  text: z.string(),
  ranges: z.array(z.object({ start: z.number().int(), end: z.number().int() })),
}).openapi("MarkedText", {
  description:
    "Plain text and the ranges that match the search: `start` inclusive, `end` exclusive, in UTF-16 code units",
});

const FoundTicketSchema = z.object({
  id: z.uuid(),
  key: z.string(),
  type: z.enum(TYPES),
  title: MarkedSchema,
  status: z.enum(STATUSES),
  priority: z.enum(PRIORITIES),
  requester: z.object({ id: z.uuid(), name: MarkedSchema }),
  updatedAt: z.iso.datetime(),
  snippet: MarkedSchema.nullable(),
  matchedIn: z.enum(["key", "title", "description", "comment", "internal", "requester", "similar"]),
}).openapi("FoundTicket");

const FoundPersonSchema = z.object({
  id: z.uuid(),
  name: MarkedSchema,
  email: MarkedSchema,
  role: z.enum(ANYONE),
}).openapi("FoundPerson");

const FoundItemSchema = z.object({
  id: z.uuid(),
  name: MarkedSchema,
  section: z.string(),
  snippet: MarkedSchema.nullable(),
}).openapi("FoundCatalogItem");

const FoundSchema = z.object({
  tickets: z.array(FoundTicketSchema),
  moreTickets: z.boolean().openapi({
    description:
      "Whether more tickets match. GET /v1/tickets?q= filters by the same rules and lists them all",
  }),
  people: z.array(FoundPersonSchema).openapi({ description: "Empty for requesters" }),
  catalog: z.array(FoundItemSchema),
}).openapi("Found");

export const search: AnyOperation[] = [
  operation({
    method: "get",
    path: "/search",
    tag: "Search",
    summary:
      "Search the tickets, people and catalog items you may see, best matches first. The last word matches by prefix. When no ticket has all words, those with the most are returned",
    roles: ANYONE,
    query: Search,
    status: 200,
    response: FoundSchema,
    run: async (cx, { query }) => ({ body: await searchEverything(cx, query) }),
  }),
];
