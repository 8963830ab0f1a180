import { z } from "zod";
import { deleteView } from "@/domain/views/write.ts";
import { formAction } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";

export const handler = formAction({
  schema: z.object({}),
  run: async (cx, _, ctx) => {
    await deleteView(cx, idParam(ctx, "view"));
    return { to: "/views", flash: "View deleted" };
  },
});
