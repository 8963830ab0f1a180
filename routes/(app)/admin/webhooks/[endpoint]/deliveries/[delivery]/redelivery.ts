import { z } from "zod";
import { ADMINS } from "@/domain/permissions.ts";
import { redeliver } from "@/domain/webhooks/deliveries.ts";
import { formAction } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";

export const handler = formAction({
  schema: z.object({}),
  roles: ADMINS,
  run: async (cx, _, ctx) => {
    const path = { endpointId: idParam(ctx, "endpoint"), id: idParam(ctx, "delivery") };
    await redeliver(cx, path);
    return {
      to: `/admin/webhooks/${path.endpointId}/deliveries/${path.id}`,
      flash: "Redelivery queued",
    };
  },
});
