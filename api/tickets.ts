import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import { getTicketWithComments } from "@/domain/comments/list.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { getTicket } from "@/domain/tickets/access/read_ticket.ts";
import { AssignTicket, assignTicket } from "@/domain/tickets/assign.ts";
import { countMatching, countTickets } from "@/domain/tickets/counts.ts";
import { CreateTicket, createTicket } from "@/domain/tickets/create.ts";
import { EditTicket, editTicket } from "@/domain/tickets/edit.ts";
import { isEmptyFilter, ListTickets, TicketFilter } from "@/domain/tickets/model/filter.ts";
import { listTickets } from "@/domain/tickets/list.ts";
import { readTimeline } from "@/domain/tickets/detail/timeline.ts";
import { TransitionTicket, transitionTicket } from "@/domain/tickets/transition.ts";
import { explainSla } from "@/domain/sla/explain.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { SlaExplanationSchema } from "./schemas/sla.ts";
import {
  pageOf,
  TicketCountsSchema,
  TicketItemSchema,
  TicketReadSchema,
  TicketSchema,
  TimelineEntrySchema,
} from "./schemas/tickets.ts";

const tag = "Tickets";

/** Path of a ticket, by its id or key. */
export const TicketPath = z.object({ id: z.string() });

/** What a ticket's own operations set. */
const ELSEWHERE = {
  status: "Use POST /v1/tickets/{id}/transitions",
  pendingReason: "Use POST /v1/tickets/{id}/transitions",
  pendingUntil: "Use POST /v1/tickets/{id}/transitions",
  resolutionNote: "Use POST /v1/tickets/{id}/transitions",
  assignee: "Use PUT /v1/tickets/{id}/assignment",
  assigneeId: "Use PUT /v1/tickets/{id}/assignment",
  comment: "Use POST /v1/tickets/{id}/comments",
  comments: "Use POST /v1/tickets/{id}/comments",
  watchers: "Use POST /v1/tickets/{id}/watchers",
  mergedInto: "Use POST /v1/tickets/{id}/merge",
};

const includes = z.object({ include: z.enum(["comments"]).optional() });

export const tickets: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tickets",
    tag,
    summary: "List the tickets you may see",
    roles: ANYONE,
    query: ListTickets,
    status: 200,
    response: pageOf(TicketItemSchema).extend({
      nextUpdatedAfter: z.iso.datetime().nullable().optional().openapi({
        description:
          "With `updatedAfter`: send the last one that isn't null as the next `updatedAfter`, and no change is missed",
      }),
    }),
    run: async (cx, { query }) => ({ body: await listTickets(cx, query) }),
  }),
  operation({
    method: "post",
    path: "/tickets",
    tag,
    summary: "Create a ticket",
    roles: ANYONE,
    body: CreateTicket,
    elsewhere: { ...ELSEWHERE, priority: "Use PATCH /v1/tickets/{id} once it exists" },
    creates: true,
    status: 201,
    response: TicketSchema,
    run: async (cx, { body }) => {
      const ticket = await createTicket(cx, { ...body, source: "api" });
      return { body: ticket, headers: { location: `/v1/tickets/${ticket.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/tickets/counts",
    tag,
    summary: "Count the tickets you may see by status and queue, and those that match a filter",
    roles: ANYONE,
    query: TicketFilter,
    status: 200,
    response: TicketCountsSchema,
    run: async (cx, { query }) => {
      const [counts, matching] = await Promise.all([
        countTickets(cx),
        isEmptyFilter(query) ? null : countMatching(cx, query),
      ]);
      return { body: { ...counts, matching } };
    },
  }),
  operation({
    method: "get",
    path: "/tickets/{id}",
    tag,
    summary: "Get a ticket by id or key",
    roles: ANYONE,
    params: TicketPath,
    query: includes,
    status: 200,
    response: TicketReadSchema,
    run: async (cx, { params, query }) => {
      if (query.include === undefined) return { body: await getTicket(cx, params.id) };
      const { ticket, comments } = await getTicketWithComments(cx, { idOrKey: params.id });
      return { body: { ...ticket, comments } };
    },
  }),
  operation({
    method: "patch",
    path: "/tickets/{id}",
    tag,
    summary: "Change a ticket's fields",
    roles: ANYONE,
    params: TicketPath,
    body: EditTicket,
    elsewhere: {
      ...ELSEWHERE,
      requester: "A ticket keeps its requester",
      requesterId: "A ticket keeps its requester",
    },
    versioned: true,
    status: 200,
    response: TicketSchema,
    run: async (cx, { params, body, base }) => ({
      body: await editTicket(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/transitions",
    tag,
    summary: "Change a ticket's status",
    roles: ANYONE,
    params: TicketPath,
    body: TransitionTicket,
    versioned: true,
    status: 200,
    response: TicketSchema,
    run: async (cx, { params, body, base }) => ({
      body: await transitionTicket(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "put",
    path: "/tickets/{id}/assignment",
    tag,
    summary: "Assign or unassign a ticket",
    roles: ANYONE,
    params: TicketPath,
    body: AssignTicket,
    versioned: true,
    status: 200,
    response: TicketSchema,
    run: async (cx, { params, body, base }) => ({
      body: await assignTicket(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "get",
    path: "/tickets/{id}/timeline",
    tag,
    summary: "List a ticket's history, oldest first",
    roles: ANYONE,
    params: TicketPath,
    query: PageOf,
    status: 200,
    response: pageOf(TimelineEntrySchema),
    run: async (cx, { params, query }) => ({
      body: await readTimeline(cx, { ...query, ticketId: params.id }),
    }),
  }),
  operation({
    method: "get",
    path: "/tickets/{id}/sla",
    tag: "SLA",
    summary: "Explain a ticket's SLA clocks line by line",
    roles: ANYONE,
    params: TicketPath,
    status: 200,
    response: SlaExplanationSchema,
    run: async (cx, { params }) => ({ body: await explainSla(cx, params.id) }),
  }),
];
