import { z } from "zod";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { testEndpoint } from "@/domain/webhooks/deliveries.ts";
import { submit } from "@/pages/load.ts";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const id = idIn(ctx.params.endpoint);
    const result = await submit(ctx, {
      schema: z.object({}),
      roles: ADMINS,
      run: async (cx) => {
        const delivery = await testEndpoint(cx, id);
        return { to: `/admin/webhooks/${id}/deliveries/${delivery.id}`, flash: "Test message queued" };
      },
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});
