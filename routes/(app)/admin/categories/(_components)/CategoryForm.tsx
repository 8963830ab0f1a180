import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import type { CategoryNode } from "@/domain/categories/order.ts";
import type { Named } from "@/domain/shared/types.ts";

/**
 * Name, parent and queue of a category. `without` can't be its own parent. The current parent and queue are offered
 * even if archived, so that saving a new name doesn't move it.
 */
export function CategoryForm({ values, errors, tree, queues, without, submit, action }: {
  values: Record<string, string>;
  errors: Record<string, string>;
  tree: CategoryNode[];
  queues: Named[];
  without?: string | undefined;
  submit: string;
  action: string;
}) {
  const now = tree.find((node) => node.id === without);
  const parents = tree.filter((node) => node.id !== without && (!node.archived || node.id === now?.parentId));
  const gone = queues.every(({ id }) => id !== now?.queue?.id) && now?.queue ? [now.queue] : [];
  return (
    <form class="form" method="post" action={action}>
      {values.version !== undefined
        ? <input type="hidden" name="version" value={values.version} />
        : <input type="hidden" name="idempotencyKey" value={values.idempotencyKey ?? crypto.randomUUID()} />}
      <Field name="name" label="Name" value={values.name} error={errors.name} maxLength={120} required />
      <div class="form-row">
        <Field
          name="parentId"
          label="Parent category"
          kind="select"
          value={values.parentId ?? ""}
          options={[
            { value: "", label: "None (top level)" },
            ...parents.map(({ id, name, depth, archived }) => ({
              value: id,
              label: `${"– ".repeat(depth)}${name}${archived ? " (archived)" : ""}`,
            })),
          ]}
          error={errors.parentId}
        />
        <Field
          name="queueId"
          label="Tickets go to"
          kind="select"
          value={values.queueId ?? ""}
          options={[
            { value: "", label: "No queue" },
            ...queues.map(({ id, name }) => ({ value: id, label: name })),
            ...gone.map(({ id, name }) => ({ value: id, label: `${name} (archived)` })),
          ]}
          error={errors.queueId}
        />
      </div>
      <div class="form-actions">
        <Button variant="primary">{submit}</Button>
        {values.version !== undefined && (
          <ButtonLink href="/admin/categories" variant="quiet">Cancel</ButtonLink>
        )}
      </div>
    </form>
  );
}
