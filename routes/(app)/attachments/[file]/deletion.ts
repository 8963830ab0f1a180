import { z } from "zod";
import { deleteAttachment } from "@/domain/attachments/delete.ts";
import { formAction } from "@/pages/form_page.ts";

export const handler = formAction({
  schema: z.object({}),
  run: async (cx, _, ctx) => {
    const { name, ticketId } = await deleteAttachment(cx, ctx.params.file!);
    return { to: ticketId === null ? "/tickets" : `/tickets/${ticketId}`, flash: `Deleted ${name}` };
  },
});
