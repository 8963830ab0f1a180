import { z } from "zod";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { deleteEndpoint } from "@/domain/webhooks/write.ts";
import { submit } from "@/pages/load.ts";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const id = idIn(ctx.params.endpoint);
    const result = await submit(ctx, {
      schema: z.object({}),
      roles: ADMINS,
      run: async (cx) => {
        await deleteEndpoint(cx, id);
        return { to: "/admin/webhooks", flash: "Endpoint deleted" };
      },
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});
