import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { define } from "@/define.ts";
import { isStaff } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { parse } from "@/domain/validation.ts";
import { viewQuery } from "@/domain/views/filter.ts";
import { listViews, type View } from "@/domain/views/read.ts";
import { CreateView, createView } from "@/domain/views/write.ts";
import { formPage } from "@/pages/form_page.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { ViewForm } from "./(_components)/ViewForm.tsx";
import { withFilter } from "./(_data)/view_filter.ts";

export const handler = formPage({
  title: "Views",
  load: async (cx, ctx) => {
    const cursor = ctx.url.searchParams.get("cursor") ?? "";
    return { views: await listViews(cx, parse(PageOf, { cursor, limit: 100 })) };
  },
  schema: CreateView,
  prepare: withFilter,
  run: async (cx, input) => {
    const view = await createView(cx, input);
    return { to: `/tickets?${viewQuery(view)}`, flash: `View “${view.name}” saved` };
  },
});

export default define.page<typeof handler>(({ data: { views: { items, nextCursor }, form }, state, url }) => {
  const { actor } = state.viewer!;
  const own = items.filter((view) => view.owner.id === actor.id);
  const others = items.filter((view) => view.owner.id !== actor.id);
  return (
    <div class="page page-narrow">
      <PageHeader title="Views" crumbs={[{ label: "Tickets", href: "/tickets" }, { label: "Views" }]} />
      <ErrorList form={form} />
      {form.values.query !== undefined && (
        <ViewForm action="/views" form={form} staff={isStaff(actor.role)} />
      )}
      {items.length === 0
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
            <Pager firstHref={firstHref(url)} nextHref={nextHref(url, nextCursor)} />
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
            <th scope="col">Shared</th>
            <th scope="col">
              <span class="visually-hidden">Export and edit</span>
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
                <ButtonLink
                  href={`/tickets/export?${viewQuery(view)}`}
                  size="sm"
                  variant="quiet"
                  icon="download"
                  label={`Download ${view.name} as CSV`}
                >
                  CSV
                </ButtonLink>
                {view.editable && (
                  <ButtonLink href={`/views/${view.id}`} size="sm" variant="quiet" icon="edit">
                    Edit
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
