import { z } from "@hono/zod-openapi";
import { ANYONE } from "@/domain/permissions.ts";
import { addUnbound, attachToTicket } from "@/domain/attachments/add.ts";
import { assertMayUpload } from "@/domain/attachments/admit.ts";
import { Visibility } from "@/domain/shared/fields.ts";
import { deleteAttachment } from "@/domain/attachments/delete.ts";
import { getAttachment, getAttachmentFile, listAttachments } from "@/domain/attachments/read.ts";
import { sendAttachment } from "@/edge/download.ts";
import { type AnyOperation, operation, uploadOperation } from "./operation.ts";
import { idPath } from "./paths.ts";
import { AttachmentSchema, AttachmentsSchema } from "./schemas/attachments.ts";
import { TicketPath } from "./tickets.ts";

const tag = "Attachments";
const Preview = z.object({
  preview: z.string().optional().openapi({ description: "Displays an image instead of downloading it" }),
});

export const attachments: AnyOperation[] = [
  operation({
    method: "get",
    path: "/tickets/{id}/attachments",
    tag,
    summary: "List the files of a ticket and its comments, oldest first",
    roles: ANYONE,
    params: TicketPath,
    status: 200,
    response: AttachmentsSchema,
    run: async (cx, { params }) => ({ body: { items: await listAttachments(cx, params.id) } }),
  }),
  uploadOperation({
    path: "/tickets/{id}/attachments",
    tag,
    summary: "Attach up to ten files to a ticket",
    roles: ANYONE,
    params: TicketPath,
    fields: z.object({ visibility: Visibility }),
    creates: true,
    status: 201,
    response: AttachmentsSchema,
    admit: async (cx, { params }) => await assertMayUpload(cx, params.id),
    run: async (cx, { params, body, files }) => {
      const items = await attachToTicket(cx, { ticketId: params.id, visibility: body.visibility, files });
      return { body: { items }, headers: { location: `/v1/tickets/${items[0]!.ticketId}/attachments` } };
    },
  }),
  uploadOperation({
    path: "/attachments",
    tag,
    summary: "Upload files to attach to a ticket, comment or request within an hour",
    roles: ANYONE,
    params: undefined,
    fields: z.object({}),
    creates: true,
    status: 201,
    response: AttachmentsSchema,
    admit: async (cx) => await assertMayUpload(cx),
    run: async (cx, { files }) => {
      const items = await addUnbound(cx, files);
      return { body: { items }, headers: { location: `/v1/attachments/${items[0]!.id}` } };
    },
  }),
  operation({
    method: "get",
    path: "/attachments/{id}",
    tag,
    summary: "Get a file's name, type and size",
    roles: ANYONE,
    params: idPath,
    status: 200,
    response: AttachmentSchema,
    run: async (cx, { params }) => ({ body: await getAttachment(cx, params.id) }),
  }),
  operation({
    method: "delete",
    path: "/attachments/{id}",
    tag,
    summary: "Delete a file. Staff may delete any, everyone their own",
    roles: ANYONE,
    params: idPath,
    status: 204,
    run: async (cx, { params }) => {
      await deleteAttachment(cx, params.id);
      return {};
    },
  }),
  operation({
    method: "get",
    path: "/attachments/{id}/content",
    tag,
    summary: "Download a file",
    roles: ANYONE,
    params: idPath,
    query: Preview,
    download: true,
    status: 200,
    run: async (cx, { params }) => {
      const file = await getAttachmentFile(cx, params.id);
      return { send: (request) => sendAttachment(request, cx.services, file) };
    },
  }),
];
