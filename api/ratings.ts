import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import { getRating, RateTicket, rateTicket } from "@/domain/tickets/rating.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Ratings";
const time = z.iso.datetime();

const RatingSchema = z.object({
  rating: z.object({
    score: z.number().int().min(1).max(5),
    comment: z.string(),
    createdAt: time,
    updatedAt: time,
  }).nullable(),
  changeableUntil: time.nullable().openapi({ description: "Until when you may rate or change your rating" }),
}).openapi("TicketRating");

export const ratings: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tickets/{id}/rating",
    tag,
    summary: "Get the requester's rating of a ticket",
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
    summary: "Rate your ticket, up to 14 days after it was resolved",
    roles: ANYONE,
    params: TicketPath,
    body: RateTicket,
    status: 200,
    response: RatingSchema,
    run: async (cx, { params, body }) => ({ body: await rateTicket(cx, { ...body, ticketId: params.id }) }),
  }),
];
