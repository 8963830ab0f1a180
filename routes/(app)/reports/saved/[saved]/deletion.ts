import { z } from "zod";
import { REPORT_READERS } from "@/domain/permissions.ts";
import { deleteSavedReport } from "@/domain/reports/saved/write.ts";
import { formAction } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";

export const handler = formAction({
  roles: REPORT_READERS,
  schema: z.object({}),
  run: async (cx, _, ctx) => {
    await deleteSavedReport(cx, idParam(ctx, "saved"));
    return { to: "/reports/saved", flash: "Report deleted" };
  },
});
