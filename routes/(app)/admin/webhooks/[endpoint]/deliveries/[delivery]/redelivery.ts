import { z } from "zod";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import { redeliver } from "@/domain/webhooks/deliveries.ts";
import { submit } from "@/pages/load.ts";
import { idIn } from "@/routes/(app)/admin/(_data)/id_in.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const path = { endpointId: idIn(ctx.params.endpoint), id: idIn(ctx.params.delivery) };
    const to = `/admin/webhooks/${path.endpointId}/deliveries/${path.id}`;
    const result = await submit(ctx, {
      schema: z.object({}),
      roles: ADMINS,
      run: async (cx) => {
        await redeliver(cx, path);
        return { to, flash: "Redelivery queued" };
      },
    });
    if (result instanceof Response) return result;
    throw result.form.refusal!;
  },
});
