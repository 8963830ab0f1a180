import { Badge } from "@/components/Badge.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { categoryTree } from "@/domain/categories/order.ts";
import { getCategory } from "@/domain/categories/read.ts";
import { EditCategory, editCategory } from "@/domain/categories/write.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { version } from "@/domain/validation.ts";
import { formPage } from "@/pages/form_page.ts";
import { idParam } from "@/pages/id_param.ts";
import { ArchiveCard } from "@/routes/(app)/admin/(_components)/ArchiveCard.tsx";
import { editFlash } from "@/routes/(app)/admin/(_data)/edit_flash.ts";
import { CategoryForm } from "@/routes/(app)/admin/categories/(_components)/CategoryForm.tsx";

export const handler = formPage({
  roles: MANAGERS,
  load: async (cx, ctx) => {
    const [category, tree, { queues }] = await Promise.all([
      getCategory(cx, idParam(ctx, "category")),
      categoryTree(cx),
      ticketChoices(cx, { staff: true }),
    ]);
    return { category, tree, queues };
  },
  title: ({ category }) => category.name,
  schema: EditCategory.extend({ version }),
  run: async (cx, input, ctx) => {
    const { name } = await editCategory(cx, { ...input, id: idParam(ctx, "category") });
    return { to: "/admin/categories", flash: editFlash(`Category “${name}”`, input.archived) };
  },
});

export default define.page<typeof handler>(({ data: { category, tree, queues, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title={category.name}
      crumbs={[{ label: "Categories", href: "/admin/categories" }, { label: category.name }]}
      meta={category.archived && <Badge>Archived</Badge>}
    />
    <StaleNotice form={form} href={`/admin/categories/${category.id}`} />
    <ErrorList form={form} />
    <CategoryForm category={category} form={form} tree={tree} queues={queues} />
    <ArchiveCard archived={category.archived} version={category.version}>
      {category.archived
        ? "It can't be chosen for tickets. Restore it to use it again."
        : "An archived category can't be chosen. Tickets that have it keep it."}
    </ArchiveCard>
  </div>
));
