import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import { AddLink, addLink, removeLink } from "@/domain/tickets/links/links.ts";
import { listLinks } from "@/domain/tickets/links/read_links.ts";
import { TYPES } from "@/domain/tickets/model/formatting.ts";
import { ALL_RELATIONS } from "@/domain/tickets/model/relations.ts";
import { STATUSES } from "@/domain/tickets/model/states.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { TicketRefSchema } from "./schemas/tickets.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Ticket links";

const LinkPath = TicketPath.extend({ linkId: z.string() });

const LinkSchema = z.object({
  id: z.uuid(),
  relation: z.enum(ALL_RELATIONS).openapi({
    description: "How the ticket in the path relates to the other one",
  }),
  ticket: TicketRefSchema.extend({ type: z.enum(TYPES), status: z.enum(STATUSES) }).openapi("LinkedTicket"),
  createdAt: z.iso.datetime(),
}).openapi("TicketLink");

export const links: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tickets/{id}/links",
    tag,
    summary: "List a ticket's links to tickets you may see",
    roles: ANYONE,
    params: TicketPath,
    status: 200,
    response: z.object({ items: z.array(LinkSchema) }),
    run: async (cx, { params }) => ({ body: { items: await listLinks(cx, params.id) } }),
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/links",
    tag,
    summary: "Link a ticket to another, by its id or key",
    roles: ANYONE,
    params: TicketPath,
    body: AddLink,
    creates: true,
    status: 201,
    response: LinkSchema,
    run: async (cx, { params, body }) => {
      const link = await addLink(cx, {
        ticketId: params.id,
        otherId: body.ticketId,
        relation: body.relation,
      });
      return { body: link, headers: { location: `/v1/tickets/${params.id}/links` } };
    },
  }),
  operation({
    method: "delete",
    path: "/tickets/{id}/links/{linkId}",
    tag,
    summary: "Remove a link, from either of its tickets",
    roles: ANYONE,
    params: LinkPath,
    status: 204,
    run: async (cx, { params }) => {
      await removeLink(cx, { ticketId: params.id, linkId: params.linkId });
      return {};
    },
  }),
];
