import { z } from "zod";
import { define } from "@/define.ts";
import { deleteAttachment } from "@/domain/attachments/delete.ts";
import { submit } from "@/pages/load.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: z.object({}),
      run: async (cx) => {
        const { name, ticketId } = await deleteAttachment(cx, ctx.params.file!);
        return { to: ticketId === null ? "/tickets" : `/tickets/${ticketId}`, flash: `Deleted ${name}` };
      },
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});
