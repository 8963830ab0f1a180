import { z } from "@hono/zod-openapi";
import { ANYONE, STAFF } from "@/domain/permissions.ts";
import { TYPES } from "@/domain/tickets/model/formatting.ts";
import { AddLink, addLink, listLinks, removeLink } from "@/domain/tickets/links/links.ts";
import { MergeTicket, mergeTicket } from "@/domain/tickets/merge/merge.ts";
import { getRating, RateTicket, rateTicket } from "@/domain/tickets/rating.ts";
import { ALL_RELATIONS } from "@/domain/tickets/model/relations.ts";
import { STATUSES } from "@/domain/tickets/model/states.ts";
import { ListTags, listTags } from "@/domain/tickets/tags.ts";
import { UnmergeTicket, unmergeTicket } from "@/domain/tickets/merge/unmerge.ts";
import { AddWatcher, addWatcher, listWatchers, removeWatcher } from "@/domain/tickets/watchers/watchers.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { PersonSchema, TicketRefSchema, TicketSchema } from "./schemas/tickets.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Work on tickets";
const time = z.iso.datetime();

const WatcherPath = TicketPath.extend({
  userId: z.string().openapi({ description: "A user's id, or `me`" }),
});
const LinkPath = TicketPath.extend({ linkId: z.string() });

const WatchersSchema = z.object({
  items: z.array(
    PersonSchema.extend({ removable: z.boolean().openapi({ description: "By you" }) }).openapi("Watcher"),
  ),
  watching: z.boolean().openapi({ description: "Whether you are one of them" }),
}).openapi("Watchers");

const LinkSchema = z.object({
  id: z.uuid(),
  relation: z.enum(ALL_RELATIONS).openapi({ description: "What the ticket of the path is to the other one" }),
  ticket: TicketRefSchema.extend({ type: z.enum(TYPES), status: z.enum(STATUSES) }).openapi("LinkedTicket"),
  createdAt: time,
}).openapi("TicketLink");

const RatingSchema = z.object({
  rating: z.object({
    score: z.number().int().min(1).max(5),
    comment: z.string(),
    createdAt: time,
    updatedAt: time,
  }).nullable(),
  changeableUntil: time.nullable().openapi({ description: "Until when you may give or change it" }),
}).openapi("TicketRating");

export const ticketWork: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tickets/{id}/watchers",
    tag,
    summary: "Who follows a ticket beside its requester",
    roles: ANYONE,
    params: TicketPath,
    status: 200,
    response: WatchersSchema,
    run: async (cx, { params }) => ({ body: await listWatchers(cx, params.id) }),
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/watchers",
    tag,
    summary: "Have a colleague follow a ticket, by their address",
    roles: ANYONE,
    params: TicketPath,
    body: AddWatcher,
    status: 200,
    response: WatchersSchema,
    run: async (cx, { params, body }) => {
      const { items, watching } = await addWatcher(cx, { ticketId: params.id, who: body.email, by: "email" });
      return { body: { items, watching } };
    },
  }),
  operation({
    method: "put",
    path: "/tickets/{id}/watchers/{userId}",
    tag,
    summary: "Follow a ticket, or have somebody follow it",
    roles: ANYONE,
    params: WatcherPath,
    status: 200,
    response: WatchersSchema,
    run: async (cx, { params }) => {
      const { items, watching } = await addWatcher(cx, { ticketId: params.id, who: params.userId });
      return { body: { items, watching } };
    },
  }),
  operation({
    method: "delete",
    path: "/tickets/{id}/watchers/{userId}",
    tag,
    summary: "Follow a ticket no longer, or take somebody off it",
    roles: ANYONE,
    params: WatcherPath,
    status: 204,
    run: async (cx, { params }) => {
      await removeWatcher(cx, { ticketId: params.id, who: params.userId });
      return {};
    },
  }),
  operation({
    method: "get",
    path: "/tickets/{id}/links",
    tag,
    summary: "A ticket's links to others that you may see",
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
    summary: "Take a link away, from either of its tickets",
    roles: ANYONE,
    params: LinkPath,
    status: 204,
    run: async (cx, { params }) => {
      await removeLink(cx, { ticketId: params.id, linkId: params.linkId });
      return {};
    },
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/merge",
    tag,
    summary: "Merge a ticket into another, by its id or key",
    roles: ANYONE,
    params: TicketPath,
    body: MergeTicket,
    versioned: true,
    status: 200,
    response: TicketSchema,
    run: async (cx, { params, body, base }) => ({
      body: await mergeTicket(cx, { ...body, id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/unmerge",
    tag,
    summary: "Undo the merge of a ticket, within a day",
    roles: ANYONE,
    params: TicketPath,
    body: UnmergeTicket,
    versioned: true,
    status: 200,
    response: TicketSchema,
    run: async (cx, { params, base }) => ({
      body: await unmergeTicket(cx, { id: params.id, version: base.version }),
    }),
  }),
  operation({
    method: "get",
    path: "/tickets/{id}/rating",
    tag,
    summary: "What the requester thinks of the work on a ticket",
    roles: ANYONE,
    params: TicketPath,
    status: 200,
    response: RatingSchema,
    run: async (cx, { params }) => ({ body: await getRating(cx, params.id) }),
  }),
  operation({
    method: "put",
    path: "/tickets/{id}/rating",
    tag,
    summary: "Rate the work on your ticket, for 14 days after it is finished",
    roles: ANYONE,
    params: TicketPath,
    body: RateTicket,
    status: 200,
    response: RatingSchema,
    run: async (cx, { params, body }) => ({ body: await rateTicket(cx, { ...body, ticketId: params.id }) }),
  }),
  operation({
    method: "get",
    path: "/tags",
    tag,
    summary: "Tags in use, by how they begin",
    roles: STAFF,
    query: ListTags,
    status: 200,
    response: z.object({ items: z.array(z.string()) }),
    run: async (cx, { query }) => ({ body: await listTags(cx, query) }),
  }),
];
