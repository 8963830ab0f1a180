import { z } from "zod";
import { define } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { id } from "@/domain/validation.ts";
import { deleteView } from "@/domain/views/write.ts";
import { submit } from "@/pages/load.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: z.object({}),
      run: async (cx) => {
        const parsed = id.safeParse(ctx.params.view);
        if (!parsed.success) throw new DomainError("not_found");
        await deleteView(cx, parsed.data);
        return { to: "/views", flash: "The view is deleted" };
      },
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});
