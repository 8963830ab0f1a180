import { z } from "zod";
import { ADMINS } from "@/domain/permissions.ts";
import { testEndpoint } from "@/domain/webhooks/deliveries.ts";
import { formAction } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";

export const handler = formAction({
  schema: z.object({}),
  roles: ADMINS,
  run: async (cx, _, ctx) => {
    const id = idParam(ctx, "endpoint");
    const delivery = await testEndpoint(cx, id);
    return { to: `/admin/webhooks/${id}/deliveries/${delivery.id}`, flash: "Test message queued" };
  },
});
