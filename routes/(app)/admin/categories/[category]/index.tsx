import { type Context, page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { type CategoryNode, categoryTree } from "@/domain/categories/order.ts";
import { type Category, getCategory } from "@/domain/categories/read.ts";
import { EditCategory, editCategory } from "@/domain/categories/write.ts";
import { DomainError } from "@/domain/errors.ts";
import { ticketChoices } from "@/domain/tickets/choices.ts";
import type { Named } from "@/domain/shared/types.ts";
import { id, version } from "@/domain/validation.ts";
import { EMPTY_FORM, type FormState, type FormValues } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { CategoryForm } from "@/routes/(app)/admin/categories/(_components)/CategoryForm.tsx";

interface Data {
  category: Category;
  tree: CategoryNode[];
  queues: Named[];
  form: FormState;
}

function categoryId(ctx: Context<State>): string {
  const parsed = id.safeParse(ctx.params.category);
  if (!parsed.success) throw new DomainError("not_found");
  return parsed.data;
}

async function categoryData(ctx: Context<State>, form: FormState): Promise<Data> {
  const [category, tree, { queues }] = await load(
    ctx,
    (cx) =>
      Promise.all([getCategory(cx, categoryId(ctx)), categoryTree(cx), ticketChoices(cx, { staff: true })]),
    MANAGERS,
  );
  ctx.state.title = category.name;
  return { category, tree, queues, form };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await categoryData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: EditCategory.extend({ version }),
      roles: MANAGERS,
      prepare: (values) =>
        values.archived === undefined
          ? values
          : { ...values, archived: values.archived === "yes" } as unknown as FormValues,
      run: async (cx, input) => {
        const { name } = await editCategory(cx, { ...input, id: categoryId(ctx) });
        return { to: "/admin/categories", flash: `Category “${name}” saved` };
      },
    });
    if (result instanceof Response) return result;
    return page(await categoryData(ctx, result.form), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { category, tree, queues, form } }) => {
  const action = `/admin/categories/${category.id}`;
  return (
    <div class="page page-narrow">
      <PageHeader
        title={category.name}
        crumbs={[{ label: "Categories", href: "/admin/categories" }, { label: category.name }]}
        meta={category.archived && <Badge>Archived</Badge>}
      />
      <FormErrors errors={Object.entries(form.errors).map(([field, message]) => ({ field, message }))} />
      <CategoryForm
        values={{
          name: category.name,
          parentId: category.parentId ?? "",
          queueId: category.queue?.id ?? "",
          ...form.values,
          version: String(category.version),
        }}
        errors={form.errors}
        tree={tree}
        queues={queues}
        without={category.id}
        submit="Save"
        action={action}
      />
      <Card title={category.archived ? "Use it again" : "Archive"}>
        <p>
          {category.archived
            ? "It can be chosen for tickets again."
            : "It can't be chosen any more. Tickets that have it keep it."}
        </p>
        <form method="post" action={action}>
          <input type="hidden" name="version" value={category.version} />
          <input type="hidden" name="archived" value={category.archived ? "no" : "yes"} />
          <Button variant={category.archived ? "secondary" : "danger"}>
            {category.archived ? "Use it again" : "Archive category"}
          </Button>
        </form>
      </Card>
    </div>
  );
});
