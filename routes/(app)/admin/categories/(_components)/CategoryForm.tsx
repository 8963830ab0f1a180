import { Button, ButtonLink } from "@/components/Button.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { CategoryNode } from "@/domain/categories/order.ts";
import type { Category } from "@/domain/categories/read.ts";
import type { Named } from "@/domain/shared/types.ts";
import type { FormState } from "@/pages/forms.ts";
import { optionsOf } from "@/routes/(app)/admin/(_data)/options.ts";

/** Name, parent and queue of a category. */
export function CategoryForm({ category, form, tree, queues }: {
  category?: Category;
  form: FormState;
  tree: CategoryNode[];
  queues: Named[];
}) {
  // A category can't be its own parent. Its present one is offered even if archived, so that saving keeps it.
  const parents = tree.filter(({ id, archived }) =>
    id !== category?.id && (!archived || id === category?.parentId)
  );
  return (
    <form class="form" id="category" method="post">
      <HiddenFields form={form} version={category?.version} once={!category} />
      <FormField form={form} name="name" label="Name" value={category?.name} maxLength={120} required />
      <div class="form-row">
        <FormField
          form={form}
          name="parentId"
          label="Parent category"
          kind="select"
          value={category?.parentId ?? ""}
          options={[
            { value: "", label: "None (top level)" },
            ...parents.map(({ id, name, depth, archived }) => ({
              value: id,
              label: `${"– ".repeat(depth)}${name}${archived ? " (archived)" : ""}`,
            })),
          ]}
        />
        <FormField
          form={form}
          name="queueId"
          label="Tickets go to"
          kind="select"
          value={category?.queue?.id ?? ""}
          options={[{ value: "", label: "No queue" }, ...optionsOf(queues, category?.queue)]}
        />
      </div>
      <div class="form-actions">
        <Button variant="primary">{category ? "Save" : "Add category"}</Button>
        {category && <ButtonLink href="/admin/categories" variant="quiet">Cancel</ButtonLink>}
      </div>
    </form>
  );
}
