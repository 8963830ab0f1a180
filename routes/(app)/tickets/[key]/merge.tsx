import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MergeTicket, mergeTicket } from "@/domain/tickets/merge/merge.ts";
import type { UserCx } from "@/domain/cx.ts";
import { Search, search } from "@/domain/search/search.ts";
import { type MergePreview, NO_SUCH_TICKET, previewMerge } from "@/domain/tickets/merge/preview.ts";
import { isEnded } from "@/domain/tickets/model/states.ts";
import { tryParse } from "@/domain/validation.ts";
import { afterTicketChange } from "@/pages/after_ticket_change.ts";
import { formPage } from "@/pages/form_page.ts";
import type { Match } from "./(_components)/MergeChoice.tsx";
import { MergeForm } from "./(_components)/MergeForm.tsx";

const MOST = 6;
const ALL_ENDED = "The tickets that match are closed or cancelled: reopen one first";
/** Ended ones among them are left out. */
const SEARCHED = 30;

export const handler = formPage({
  load: async (cx, ctx, form) => {
    /** What was typed as the other ticket. */
    const into = form.values.into ?? ctx.url.searchParams.get("into") ?? "";
    const preview = await previewMerge(cx, { id: ctx.params.key!, into });
    const found = await matchesOf(cx, preview, into);
    const matches = found.filter(({ status }) => !isEnded(status)).slice(0, MOST);
    const problem = found.length > 0 && matches.length === 0 ? ALL_ENDED : preview.problem;
    return { preview: { ...preview, problem }, into, matches };
  },
  title: ({ preview }) => `Merge ${preview.source.key}`,
  schema: MergeTicket,
  run: async (cx, { version = 0, ...merge }, ctx) => {
    const { key, mergedInto } = await mergeTicket(cx, { ...merge, version, id: ctx.params.key! });
    return await afterTicketChange(cx, mergedInto!, { flash: `${key} merged into ${mergedInto!.key}` });
  },
});

/** What was typed may be words of a title. */
async function matchesOf(cx: UserCx, { source, problem }: MergePreview, into: string): Promise<Match[]> {
  const asked = problem === NO_SUCH_TICKET &&
    tryParse(Search, { q: into, types: "tickets", limit: SEARCHED });
  if (!asked) return [];
  const { tickets } = await search(cx, asked);
  return tickets.filter(({ key }) => key !== source.key)
    .map(({ key, title, status }) => ({ key, title: title.text, status }));
}

export default define.page<typeof handler>(({ data: { preview, into, matches, form } }) => {
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
      <MergeForm preview={preview} typed={into} matches={matches} form={form} />
    </div>
  );
});
