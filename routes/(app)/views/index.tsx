import { type Context, page } from "fresh";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define, type State } from "@/define.ts";
import { viewQuery } from "@/domain/views/filter.ts";
import { listViews, type View } from "@/domain/views/read.ts";
import { CreateView, createView } from "@/domain/views/write.ts";
import { EMPTY_FORM, type FormState } from "@/pages/forms.ts";
import { load, submit } from "@/pages/load.ts";
import { withFilter } from "./(_data)/form.ts";
import { ViewForm } from "./(_components)/ViewForm.tsx";

interface Data {
  views: View[];
  form: FormState;
}

async function viewsData(ctx: Context<State>, form: FormState): Promise<Data> {
  ctx.state.title = "Views";
  const { items } = await load(ctx, (cx) => listViews(cx, { limit: 100 }));
  return { views: items, form };
}

export const handler = define.handlers<Data>({
  GET: async (ctx) => page(await viewsData(ctx, EMPTY_FORM)),
  async POST(ctx) {
    const result = await submit(ctx, {
      schema: CreateView,
      prepare: withFilter,
      run: async (cx, input) => {
        const view = await createView(cx, input);
        return { to: `/tickets?${viewQuery(view)}`, flash: `“${view.name}” is saved` };
      },
    });
    if (result instanceof Response) return result;
    return page(await viewsData(ctx, result.form), { status: result.status });
  },
});

export default define.page<typeof handler>(({ data: { views, form }, state }) => {
  const { actor } = state.viewer!;
  const own = views.filter((view) => view.owner.id === actor.id);
  const others = views.filter((view) => view.owner.id !== actor.id);
  return (
    <div class="page page-narrow">
      <PageHeader title="Views" crumbs={[{ label: "Tickets", href: "/tickets" }, { label: "Views" }]} />
      <FormErrors errors={Object.entries(form.errors).map(([field, message]) => ({ field, message }))} />
      {form.values.query !== undefined && (
        <ViewForm
          action="/views"
          values={form.values}
          errors={form.errors}
          staff={actor.role !== "REQUESTER"}
        />
      )}
      {views.length === 0
        ? (
          <EmptyState
            icon="filter"
            title="No views yet"
            actions={<ButtonLink href="/tickets" icon="ticket">Open tickets</ButtonLink>}
          >
            Filter the ticket list, then choose “Save as view” to keep it one click away.
          </EmptyState>
        )
        : (
          <>
            <ViewTable title="My views" views={own} />
            <ViewTable title="Shared by others" views={others} />
          </>
        )}
    </div>
  );
});

function ViewTable({ title, views }: { title: string; views: View[] }) {
  if (views.length === 0) return null;
  return (
    <Card title={title} flush>
      <table class="table stacks">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Whose</th>
            <th scope="col">
              <span class="visually-hidden">Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {views.map((view) => (
            <tr key={view.id}>
              <td>
                <a href={`/tickets?${viewQuery(view)}`}>{view.name}</a>
              </td>
              <td>{view.shared ? `Shared by ${view.owner.name}` : "Only you"}</td>
              <td>
                {view.editable && (
                  <ButtonLink href={`/views/${view.id}`} size="sm" variant="quiet" icon="edit">
                    Change
                  </ButtonLink>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
