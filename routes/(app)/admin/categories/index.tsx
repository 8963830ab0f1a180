import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { type CategoryNode, categoryTree } from "@/domain/categories/order.ts";
import { CreateCategory, createCategory } from "@/domain/categories/write.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import { formPage } from "@/pages/form_page.ts";
import { MoveForm } from "@/routes/(app)/admin/(_components)/MoveForm.tsx";
import { CategoryForm } from "./(_components)/CategoryForm.tsx";

export const handler = formPage({
  roles: MANAGERS,
  load: async (cx) => {
    const [tree, { queues }] = await Promise.all([categoryTree(cx), ticketChoices(cx, { staff: true })]);
    return { tree, queues };
  },
  title: "Categories",
  schema: CreateCategory,
  run: async (cx, input) => {
    const { name } = await createCategory(cx, input);
    return { to: "/admin/categories", flash: `Category “${name}” created` };
  },
});

export default define.page<typeof handler>(({ data: { tree, queues, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title="Categories"
      crumbs={[{ label: "Administration", href: "/admin" }, { label: "Categories" }]}
    />
    <ErrorList form={form} />
    <Card title="New category">
      <CategoryForm form={form} tree={tree} queues={queues} />
    </Card>
    <Card title="All categories" flush>
      <ul class="plain">
        {tree.map((node) => <Row key={node.id} node={node} tree={tree} />)}
      </ul>
    </Card>
  </div>
));

const DEPTHS = ["depth-0", "depth-1", "depth-2", "depth-3", "depth-4"];

function Row({ node, tree }: { node: CategoryNode; tree: CategoryNode[] }) {
  const siblings = tree.filter(({ parentId }) => parentId === node.parentId);
  const classes = ["tree-row", DEPTHS[node.depth], node.archived ? "is-archived" : ""];
  return (
    <li class={classes.join(" ").trim()}>
      <span>{node.name}</span>
      {node.archived && <Badge>Archived</Badge>}
      {node.queue && <span class="hint">→ {node.queue.name}</span>}
      <MoveForm
        action="/admin/categories/order"
        item={node}
        first={siblings[0] === node}
        last={siblings.at(-1) === node}
      >
        <ButtonLink
          href={`/admin/categories/${node.id}`}
          size="sm"
          variant="quiet"
          label={`Edit ${node.name}`}
        >
          Edit
        </ButtonLink>
      </MoveForm>
    </li>
  );
}
