import { type Context, page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { type CategoryNode, categoryTree } from "@/domain/categories/order.ts";
import { CreateCategory, createCategory } from "@/domain/categories/write.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import type { Named } from "@/domain/shared/types.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { MoveForm } from "@/routes/(app)/admin/(_components)/MoveForm.tsx";
import { CategoryForm } from "./(_components)/CategoryForm.tsx";

interface Data {
  tree: CategoryNode[];
  queues: Named[];
  form: FormState;
}

async function treeData(ctx: Context<State>, form: FormState): Promise<Data> {
  ctx.state.title = "Categories";
  const [tree, { queues }] = await load(
    ctx,
    (cx) => Promise.all([categoryTree(cx), ticketChoices(cx, { staff: true })]),
    MANAGERS,
  );
  return { tree, queues, form };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await treeData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: CreateCategory,
      roles: MANAGERS,
      run: async (cx, input) => {
        const { name } = await createCategory(cx, input);
        return { to: "/admin/categories", flash: `Category “${name}” created` };
      },
    });
    if (result instanceof Response) return result;
    return page(await treeData(ctx, result.form), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { tree, queues, form } }) => (
  <div class="page page-narrow">
    <PageHeader
      title="Categories"
      crumbs={[{ label: "Administration", href: "/admin" }, { label: "Categories" }]}
    />
    <FormErrors errors={Object.entries(form.errors).map(([field, message]) => ({ field, message }))} />
    <Card title="New category">
      <CategoryForm
        values={form.values}
        errors={form.errors}
        tree={tree}
        queues={queues}
        submit="Add category"
        action="/admin/categories"
      />
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
