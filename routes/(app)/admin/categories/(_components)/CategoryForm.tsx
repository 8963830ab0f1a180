import { Button, ButtonLink } from "../../../../../components/Button.tsx";
import { Field } from "../../../../../components/Field.tsx";
import type { TreeNode } from "../../../../../domain/categories/order.ts";
import type { Named } from "../../../../../domain/tickets/types.ts";

/** Name, place and queue of a category. `without` is left out of the parents: nothing is below itself. */
export function CategoryForm({ values, errors, tree, queues, without, submit, action }: {
  values: Record<string, string>;
  errors: Record<string, string>;
  tree: TreeNode[];
  queues: Named[];
  without?: string | undefined;
  submit: string;
  action: string;
}) {
  const parents = tree.filter((node) => !node.archived && node.id !== without);
  return (
    <form class="form" method="post" action={action}>
      {values.version !== undefined
        ? <input type="hidden" name="version" value={values.version} />
        : <input type="hidden" name="idempotencyKey" value={values.idempotencyKey ?? crypto.randomUUID()} />}
      <Field name="name" label="Name" value={values.name} error={errors.name} maxLength={120} required />
      <div class="form-row">
        <Field
          name="parentId"
          label="Below"
          kind="select"
          value={values.parentId ?? ""}
          options={[
            { value: "", label: "Nothing: at the top" },
            ...parents.map(({ id, name, depth }) => ({ value: id, label: `${"– ".repeat(depth)}${name}` })),
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
