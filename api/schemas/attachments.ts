import { z } from "@hono/zod-openapi";
import { PersonSchema } from "./tickets.ts";

export const AttachmentSchema = z.object({
  id: z.uuid(),
  ticketId: z.uuid().nullable().openapi({ description: "Null until it is attached" }),
  commentId: z.uuid().nullable().openapi({ description: "The comment it belongs to" }),
  visibility: z.enum(["public", "internal"]),
  name: z.string(),
  mediaType: z.string(),
  size: z.number().int().openapi({ description: "In bytes" }),
  sha256: z.string(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  uploader: PersonSchema,
  createdAt: z.iso.datetime(),
}).openapi("Attachment");

/** Not paged: the number of a ticket's files is limited. */
export const AttachmentsSchema = z.object({ items: z.array(AttachmentSchema) });
