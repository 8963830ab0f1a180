import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { type CatalogItem, wholeCatalog } from "@/domain/catalog/read.ts";
import { load } from "@/pages/load.ts";
import { MoveForm } from "@/routes/(app)/admin/(_components)/MoveForm.tsx";

export const handler = define.handlers<{ items: CatalogItem[] }>({
  async GET(ctx) {
    ctx.state.title = "Catalog";
    return page({ items: await load(ctx, (cx) => wholeCatalog(cx, { archived: true }), MANAGERS) });
  },
});

export default define.page<typeof handler>(({ data: { items } }) => (
  <div class="page">
    <PageHeader
      title="Catalog"
      crumbs={[{ label: "Administration", href: "/admin" }, { label: "Catalog" }]}
      actions={
        <>
          <ButtonLink href="/catalog" icon="book">View catalog</ButtonLink>
          <ButtonLink href="/admin/catalog/new" icon="plus" variant="primary">New item</ButtonLink>
        </>
      }
    />
    {items.length === 0
      ? (
        <EmptyState icon="book" title="No catalog items yet">
          An item is something people often request, along with the questions you would ask them.
        </EmptyState>
      )
      : (
        <Card flush>
          <ul class="plain">
            {items.map((item, at) => (
              <ItemRow key={item.id} item={item} first={at === 0} last={at === items.length - 1} />
            ))}
          </ul>
        </Card>
      )}
  </div>
));

function ItemRow({ item, first, last }: { item: CatalogItem; first: boolean; last: boolean }) {
  return (
    <li class={item.archived ? "tree-row is-archived" : "tree-row"}>
      <a href={`/admin/catalog/${item.id}`}>{item.name}</a>
      {item.archived && <Badge>Archived</Badge>}
      <span class="hint">
        {[item.section, item.queue?.name ?? item.category?.name].filter(Boolean).join(" · ")}
      </span>
      <MoveForm action="/admin/catalog/order" item={item} first={first} last={last} />
    </li>
  );
}
