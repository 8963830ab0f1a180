import { type Context, page } from "fresh";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { MergeTicket, mergeTicket } from "@/domain/tickets/merge/merge.ts";
import { type MergePreview, previewMerge } from "@/domain/tickets/merge/preview.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { MergeForm } from "./(_components)/MergeForm.tsx";

interface Data {
  preview: MergePreview;
  /** What was typed as the other ticket. */
  into: string;
  form: FormState;
}

async function loadForm(ctx: Context<State>, form: FormState): Promise<Data> {
  const into = form.values.into ?? ctx.url.searchParams.get("into") ?? "";
  const preview = await load(ctx, (cx) => previewMerge(cx, { id: ctx.params.key!, into }));
  ctx.state.title = `Merge ${preview.source.key}`;
  return { preview, into, form };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await loadForm(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: MergeTicket,
      run: async (cx, { version = 0, ...merge }) => {
        const { key, mergedInto } = await mergeTicket(cx, { ...merge, version, id: ctx.params.key! });
        return { to: `/tickets/${mergedInto!.key}`, flash: `${key} is merged into ${mergedInto!.key}` };
      },
    });
    if (result instanceof Response) return result;
    return page(await loadForm(ctx, result.form), { status: result.status });
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
