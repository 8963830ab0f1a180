import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import { AddComment, addComment } from "@/domain/comments/add.ts";
import { commentHistory, EditComment, editComment, getComment } from "@/domain/comments/edit.ts";
import { listComments } from "@/domain/comments/list.ts";
import { ListMentionCandidates, listMentionCandidates } from "@/domain/comments/mentions.ts";
import { previewComment } from "@/domain/comments/preview.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { type AnyOperation, operation } from "./operation.ts";
import { CommentSchema, NamedSchema, pageOf } from "./schemas/tickets.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Comments";

const CommentPath = TicketPath.extend({ commentId: z.string() });

const SaidSchema = CommentSchema.extend({
  unreached: z.array(NamedSchema).openapi({ description: "People mentioned who can't read the comment" }),
}).openapi("CommentSaid");

const FollowUpSchema = z.object({ id: z.uuid(), key: z.string() });

/** The answer to a reply on a closed ticket. */
const OpenedSchema = z.object({
  followUp: FollowUpSchema.openapi({ description: "The ticket created from the reply" }),
}).openapi("FollowUpOpened");

const CallableSchema = NamedSchema.extend({
  email: z.string().optional().openapi({ description: "Only shown to staff" }),
  text: z.string().openapi({ description: "Text that mentions them" }),
  reads: z.boolean().openapi({ description: "Whether they can read the comment. Others aren't notified" }),
}).openapi("Callable");

const PreviewSchema = z.object({
  html: z.string(),
  mentions: z.array(NamedSchema),
  unreached: z.array(NamedSchema),
}).openapi("CommentPreview");

const VersionSchema = z.object({ version: z.number().int(), body: z.string(), at: z.iso.datetime() })
  .openapi("CommentVersion");

export const comments: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tickets/{id}/comments",
    tag,
    summary: "List a ticket's comments, oldest first",
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
    summary: "Comment on a ticket, publicly or as an internal note",
    roles: ANYONE,
    params: TicketPath,
    body: AddComment,
    creates: true,
    status: 201,
    response: z.union([SaidSchema.extend({ followUp: FollowUpSchema.nullable() }), OpenedSchema]),
    run: async (cx, { params, body }) => {
      const said = await addComment(cx, { ...body, ticketId: params.id });
      const { comment, ticket, unreached, followUp } = said;
      const location = `/v1/tickets/${ticket.id}`;
      return comment === null ? { body: { followUp }, headers: { location } } : {
        body: { ...comment, unreached, followUp },
        headers: { location: `${location}/comments/${comment.id}` },
      };
    },
  }),
  operation({
    method: "post",
    path: "/tickets/{id}/comments/preview",
    tag,
    summary: "Preview a comment and who would be notified",
    roles: ANYONE,
    params: TicketPath,
    body: AddComment.pick({ body: true, visibility: true }),
    status: 200,
    response: PreviewSchema,
    run: async (cx, { params, body }) => ({
      body: await previewComment(cx, { ...body, ticketId: params.id }),
    }),
  }),
  operation({
    method: "get",
    path: "/tickets/{id}/comments/{commentId}",
    tag,
    summary: "Get a comment",
    roles: ANYONE,
    params: CommentPath,
    status: 200,
    response: CommentSchema,
    run: async (cx, { params }) => {
      const { comment } = await getComment(cx, { ticketId: params.id, commentId: params.commentId });
      return { body: comment };
    },
  }),
  operation({
    method: "patch",
    path: "/tickets/{id}/comments/{commentId}",
    tag,
    summary: "Edit your comment within 15 minutes. Earlier versions are kept",
    roles: ANYONE,
    params: CommentPath,
    body: EditComment,
    elsewhere: { visibility: "A comment stays public or internal" },
    versioned: true,
    status: 200,
    response: SaidSchema,
    run: async (cx, { params, body, base }) => {
      const { comment, unreached } = await editComment(cx, {
        ticketId: params.id,
        commentId: params.commentId,
        body: body.body,
        version: base.version,
      });
      return { body: { ...comment, unreached } };
    },
  }),
  operation({
    method: "get",
    path: "/tickets/{id}/comments/{commentId}/history",
    tag,
    summary: "List a comment's earlier versions, newest first. For staff and its author",
    roles: ANYONE,
    params: CommentPath,
    status: 200,
    response: pageOf(VersionSchema),
    run: async (cx, { params }) => {
      const { versions } = await commentHistory(cx, { ticketId: params.id, commentId: params.commentId });
      return { body: { items: versions, nextCursor: null } };
    },
  }),
  operation({
    method: "get",
    path: "/tickets/{id}/mentions",
    tag,
    summary: "Find people to mention, by the start of any part of their name",
    roles: ANYONE,
    params: TicketPath,
    query: ListMentionCandidates,
    status: 200,
    response: z.object({ items: z.array(CallableSchema) }),
    run: async (cx, { params, query }) => ({
      body: await listMentionCandidates(cx, { ...query, ticketId: params.id }),
    }),
  }),
];
