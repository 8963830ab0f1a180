import { ANYONE } from "../domain/access.ts";
import { AddComment, addComment } from "../domain/comments/add.ts";
import { listComments } from "../domain/comments/list.ts";
import { PageOf } from "../domain/cursor.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { CommentSchema, pageOf } from "./schemas_tickets.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Comments";

export const comments: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tickets/{id}/comments",
    tag,
    summary: "What was said in a ticket, oldest first",
    roles: ANYONE,
    params: TicketPath,
    query: PageOf,
    status: 200,
    response: pageOf(CommentSchema),
    run: async (cx, { params, query }) => ({
      body: await listComments(cx, { ...query, ticketId: params.id }),
    }),
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/comments",
    tag,
    summary: "Say something in a ticket, in public or to staff alone",
    roles: ANYONE,
    params: TicketPath,
    body: AddComment,
    creates: true,
    status: 201,
    response: CommentSchema,
    run: async (cx, { params, body }) => {
      const { comment, ticket } = await addComment(cx, { ...body, ticketId: params.id });
      // A comment has no address of its own; this is the list it is in.
      return { body: comment, headers: { location: `/v1/tickets/${ticket.id}/comments` } };
    },
  }),
];
