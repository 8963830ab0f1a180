import { z } from "zod";
import { ADMINS } from "@/domain/permissions.ts";
import { deleteEndpoint } from "@/domain/webhooks/write.ts";
import { formAction } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";

export const handler = formAction({
  schema: z.object({}),
  roles: ADMINS,
  run: async (cx, _, ctx) => {
    await deleteEndpoint(cx, idParam(ctx, "endpoint"));
    return { to: "/admin/webhooks", flash: "Endpoint deleted" };
  },
});
