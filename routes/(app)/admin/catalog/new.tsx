import { type Context, page } from "fresh";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import type { DraftField } from "@/domain/catalog/draft.ts";
import { CreateCatalogItem, createCatalogItem } from "@/domain/catalog/write.ts";
import { type TicketChoices, ticketChoices } from "@/domain/tickets/choices.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load } from "@/pages/load.ts";
import { takeEditor } from "./(_data)/editing.ts";
import { ItemEditor } from "./(_components)/ItemEditor.tsx";

interface Data {
  draft: DraftField[];
  form: FormState;
  choices: TicketChoices;
}

async function loadEditor(ctx: Context<State>, edited: Pick<Data, "draft" | "form">): Promise<Data> {
  ctx.state.title = "New catalog item";
  const choices = await load(ctx, (cx) => ticketChoices(cx, { staff: true }), MANAGERS);
  return { choices, ...edited };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await loadEditor(ctx, { draft: [], form: EMPTY_FORM })),
  async POST(ctx) {
    const result = await takeEditor(ctx, {
      schema: CreateCatalogItem,
      run: async (cx, input) => {
        const item = await createCatalogItem(cx, input);
        return { to: "/admin/catalog", flash: `“${item.name}” added to the catalog` };
      },
    });
    if (result instanceof Response) return result;
    return page(await loadEditor(ctx, result), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { draft, form, choices } }) => (
  <div class="page">
    <PageHeader title="New item" crumbs={[{ label: "Catalog", href: "/admin/catalog" }, { label: "New" }]} />
    <FormErrors errors={Object.entries(form.errors).map(([field, message]) => ({ field, message }))} />
    <ItemEditor
      values={form.values}
      errors={form.errors}
      draft={draft}
      choices={choices}
      submit="Add to catalog"
    />
  </div>
));
