import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { CreateCatalogItem, createCatalogItem } from "@/domain/catalog/write.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { formPage } from "@/pages/form_page.ts";
import { draftOf, editorForm } from "./(_data)/item_editor.ts";
import { ItemEditor } from "./(_components)/ItemEditor.tsx";

export const handler = formPage({
  ...editorForm,
  roles: MANAGERS,
  load: async (cx, _ctx, form) => ({
    choices: await ticketChoices(cx, { staff: true }),
    draft: draftOf(form, []),
  }),
  title: "New catalog item",
  schema: CreateCatalogItem,
  run: async (cx, input) => {
    const { name } = await createCatalogItem(cx, input);
    return { to: "/admin/catalog", flash: `“${name}” added to the catalog` };
  },
});

export default define.page<typeof handler>(({ data: { draft, form, choices } }) => (
  <div class="page">
    <PageHeader title="New item" crumbs={[{ label: "Catalog", href: "/admin/catalog" }, { label: "New" }]} />
    <ErrorList form={form} />
    <ItemEditor form={form} draft={draft} choices={choices} submit="Add to catalog" />
  </div>
));
