import { REPORT_READERS } from "@/domain/permissions.ts";
import { SendSavedReport, sendSavedReport } from "@/domain/reports/saved/send.ts";
import { formAction } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";

export const handler = formAction({
  roles: REPORT_READERS,
  schema: SendSavedReport,
  run: async (cx, { to }, ctx) => {
    const { id } = await sendSavedReport(cx, { id: idParam(ctx, "saved"), to });
    return {
      to: `/reports/saved/${id}`,
      flash: to === "me" ? "The report is on its way to you" : "The report is on its way to its recipients",
    };
  },
});
