import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import { define } from "@/define.ts";
import { DomainError } from "@/domain/errors.ts";
import { isStaff } from "@/domain/permissions.ts";
import { version } from "@/domain/validation.ts";
import { viewQuery } from "@/domain/views/filter.ts";
import { getView } from "@/domain/views/read.ts";
import { EditView, editView } from "@/domain/views/write.ts";
import { formPage } from "@/pages/form_page.ts";
import { type FormValues, withBoxes } from "@/pages/forms.ts";
import { idParam } from "@/pages/id_param.ts";
import { withFilter } from "@/routes/(app)/views/(_data)/view_filter.ts";
import { ViewForm } from "@/routes/(app)/views/(_components)/ViewForm.tsx";

/** The form on the ticket list sends only the new filter; this page's own form is `settled` and has the box as well. */
function prepare(values: FormValues) {
  return withFilter(values.settled === undefined ? values : withBoxes(values, ["shared"]));
}

export const handler = formPage({
  load: async (cx, ctx) => {
    const view = await getView(cx, idParam(ctx, "view"));
    if (!view.editable) throw new DomainError("forbidden", `Only ${view.owner.name} can change this view`);
    return { view };
  },
  title: ({ view }) => view.name,
  schema: EditView.extend({ version }),
  prepare,
  run: async (cx, input, ctx) => {
    const view = await editView(cx, { ...input, id: idParam(ctx, "view") });
    return { to: `/tickets?${viewQuery(view)}`, flash: `View “${view.name}” saved` };
  },
});

export default define.page<typeof handler>(({ data: { view, form }, state }) => {
  return (
    <div class="page page-narrow">
      <PageHeader title={view.name} crumbs={[{ label: "Views", href: "/views" }, { label: view.name }]} />
      <StaleNotice form={form} href={`/views/${view.id}`} />
      <ErrorList form={form} />
      <ViewForm
        action={`/views/${view.id}`}
        view={view}
        form={form}
        staff={isStaff(state.viewer!.actor.role)}
      />
      <Card title="Delete this view">
        <p>
          {view.shared
            ? "It is deleted for everyone. Its tickets are not affected."
            : "Its tickets are not affected."}
        </p>
        <form method="post" action={`/views/${view.id}/deletion`}>
          <Button variant="danger">Delete view</Button>
        </form>
      </Card>
    </div>
  );
});
