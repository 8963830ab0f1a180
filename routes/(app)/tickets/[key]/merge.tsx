import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MergeTicket, mergeTicket } from "@/domain/tickets/merge/merge.ts";
import { previewMerge } from "@/domain/tickets/merge/preview.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { formPage } from "@/pages/form_page.ts";
import { MergeForm } from "./(_components)/MergeForm.tsx";

export const handler = formPage({
  load: async (cx, ctx, form) => {
    /** What was typed as the other ticket. */
    const into = form.values.into ?? ctx.url.searchParams.get("into") ?? "";
    return { preview: await previewMerge(cx, { id: ctx.params.key!, into }), into };
  },
  title: ({ preview }) => `Merge ${preview.source.key}`,
  schema: MergeTicket,
  run: async (cx, { version = 0, ...merge }, ctx) => {
    const { key, mergedInto } = await mergeTicket(cx, { ...merge, version, id: ctx.params.key! });
    return await afterTicketChange(cx, mergedInto!, { flash: `${key} merged into ${mergedInto!.key}` });
  },
});

export default define.page<typeof handler>(({ data: { preview, into, form } }) => {
  const { key } = preview.source;
  return (
    <div class="page page-narrow">
      <PageHeader
        title={`Merge ${key}`}
        crumbs={[
          { label: "Tickets", href: "/tickets" },
          { label: key, href: `/tickets/${key}` },
          { label: "Merge" },
        ]}
      />
      <MergeForm preview={preview} typed={into} form={form} />
    </div>
  );
});
