import { type Context, page } from "fresh";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { id, version } from "@/domain/validation.ts";
import { viewQuery } from "@/domain/views/filter.ts";
import { getView, type View } from "@/domain/views/read.ts";
import { EditView, editView } from "@/domain/views/write.ts";
import { EMPTY_FORM, type FormState, type FormValues } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { withFilter } from "@/routes/(app)/views/(_data)/form.ts";
import { ViewForm } from "@/routes/(app)/views/(_components)/ViewForm.tsx";

interface Data {
  view: View;
  form: FormState;
}

async function viewData(ctx: Context<State>, form: FormState): Promise<Data> {
  const view = await load(ctx, async (cx) => {
    const found = await getView(cx, viewId(ctx));
    if (!found.editable) throw new DomainError("forbidden", `Only ${found.owner.name} can change this view`);
    return found;
  });
  ctx.state.title = view.name;
  return { view, form };
}

/** The view in the address. What is no id names nothing. */
function viewId(ctx: Context<State>): string {
  const parsed = id.safeParse(ctx.params.view);
  if (!parsed.success) throw new DomainError("not_found");
  return parsed.data;
}

/** The form with name and box says so; the one on the list carries the new filter alone. */
function prepare(values: FormValues): FormValues {
  const filtered = withFilter(values);
  return values.settled === undefined
    ? filtered
    : { ...filtered, shared: filtered.shared ?? false } as FormValues;
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await viewData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: EditView.extend({ version }),
      prepare,
      run: async (cx, input) => {
        const view = await editView(cx, { ...input, id: viewId(ctx) });
        return { to: `/tickets?${viewQuery(view)}`, flash: `“${view.name}” is saved` };
      },
    });
    if (result instanceof Response) return result;
    return page(await viewData(ctx, result.form), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { view, form }, state }) => {
  const values = form === EMPTY_FORM
    ? { name: view.name, shared: String(view.shared), version: String(view.version) }
    : { ...form.values, version: String(view.version) };
  return (
    <div class="page page-narrow">
      <PageHeader title={view.name} crumbs={[{ label: "Views", href: "/views" }, { label: view.name }]} />
      <FormErrors errors={Object.entries(form.errors).map(([field, message]) => ({ field, message }))} />
      <ViewForm
        action={`/views/${view.id}`}
        values={values}
        errors={form.errors}
        staff={state.viewer!.actor.role !== "REQUESTER"}
      />
      <Card title="Delete this view">
        <p>
          {view.shared
            ? "It is deleted for everybody. The tickets are not affected."
            : "The tickets in it are not affected."}
        </p>
        <form method="post" action={`/views/${view.id}/deletion`}>
          <Button variant="danger">Delete view</Button>
        </form>
      </Card>
    </div>
  );
});
