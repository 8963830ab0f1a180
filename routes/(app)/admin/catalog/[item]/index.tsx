import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { toDraft } from "@/domain/catalog/draft.ts";
import { getCatalogItem } from "@/domain/catalog/read.ts";
import { EditCatalogItem, editCatalogItem } from "@/domain/catalog/write.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { version } from "@/domain/validation.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { ArchiveCard } from "@/routes/(app)/admin/(_components)/ArchiveCard.tsx";
import { editFlash } from "@/routes/(app)/admin/(_data)/edit_flash.ts";
import { draftOf, editorForm } from "@/routes/(app)/admin/catalog/(_data)/item_editor.ts";
import { ItemEditor } from "@/routes/(app)/admin/catalog/(_components)/ItemEditor.tsx";

export const handler = formPage({
  ...editorForm,
  roles: MANAGERS,
  load: async (cx, ctx, form) => {
    const [item, choices] = await Promise.all([
      getCatalogItem(cx, idParam(ctx, "item")),
      ticketChoices(cx, { staff: true }),
    ]);
    return { item, choices, draft: draftOf(form, toDraft(item.fields)) };
  },
  title: ({ item }) => item.name,
  schema: EditCatalogItem.extend({ version }),
  run: async (cx, input, ctx) => {
    const { name } = await editCatalogItem(cx, { ...input, id: idParam(ctx, "item") });
    return { to: "/admin/catalog", flash: editFlash(`Catalog item “${name}”`) };
  },
});

export default define.page<typeof handler>(({ data: { item, draft, form, choices } }) => (
  <div class="page">
    <PageHeader
      title={item.name}
      crumbs={[{ label: "Catalog", href: "/admin/catalog" }, { label: item.name }]}
      meta={item.archived && <Badge>Archived</Badge>}
      actions={!item.archived && (
        <ButtonLink href={`/catalog/${item.id}`} icon="ticket">View catalog</ButtonLink>
      )}
    />
    <StaleNotice form={form} href={`/admin/catalog/${item.id}`} />
    <ErrorList form={form} />
    <ItemEditor item={item} form={form} draft={draft} choices={choices} submit="Save" />
    <ArchiveCard
      archived={item.archived}
      version={item.version}
      action={`/admin/catalog/${item.id}/archive`}
    >
      {item.archived
        ? "People can't request it. Restore it to make it available again."
        : "An archived item can't be requested. Existing requests stay as they are."}
    </ArchiveCard>
  </div>
));
