import { page } from "fresh";
import { Badge } from "../../../../components/Badge.tsx";
import { ButtonLink } from "../../../../components/Button.tsx";
import { Card } from "../../../../components/Card.tsx";
import { EmptyState } from "../../../../components/EmptyState.tsx";
import { PageHeader } from "../../../../components/PageHeader.tsx";
import { Pager } from "../../../../components/Pager.tsx";
import { Tabs } from "../../../../components/Tabs.tsx";
import { define } from "../../../../define.ts";
import { MANAGERS } from "../../../../domain/access.ts";
import { PageOf } from "../../../../domain/cursor.ts";
import { listMacros, type Macro } from "../../../../domain/macros/read.ts";
import type { Page } from "../../../../domain/tickets/types.ts";
import { parse } from "../../../../domain/validation.ts";
import { load } from "../../../../pages/load.ts";

interface Data {
  macros: Page<Macro>;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Macros";
    const query = Object.fromEntries(ctx.url.searchParams);
    const archived = query.archived === "true";
    return page({
      macros: await load(ctx, (cx) => listMacros(cx, { ...parse(PageOf, query), archived }), MANAGERS),
    });
  },
});

export default define.page<typeof handler>(({ data: { macros: { items, nextCursor } }, url }) => {
  const archived = url.searchParams.get("archived") === "true";
  return (
    <div class="page">
      <PageHeader
        title="Macros"
        actions={<ButtonLink href="/admin/macros/new" icon="plus" variant="primary">New</ButtonLink>}
      />
      <Tabs
        label="Lists"
        tabs={[
          { href: "/admin/macros", label: "In use", current: !archived },
          { href: "/admin/macros?archived=true", label: "With archived", current: archived },
        ]}
      />
      {items.length > 0
        ? (
          <Card flush>
            <MacroTable items={items} />
          </Card>
        )
        : (
          <EmptyState
            icon="bolt"
            title="No macros yet"
            actions={<ButtonLink href="/admin/macros/new" icon="plus">Make the first one</ButtonLink>}
          >
            A macro changes fields, replies and moves a ticket in one click: “Ask for a screenshot and wait”.
          </EmptyState>
        )}
      <Pager
        firstHref={url.searchParams.has("cursor") ? hrefOf(archived) : undefined}
        nextHref={nextCursor ? hrefOf(archived, nextCursor) : undefined}
        shown={items.length > 0 ? `${items.length} shown` : undefined}
      />
    </div>
  );
});

function hrefOf(archived: boolean, cursor?: string): string {
  const query = new URLSearchParams({
    ...(archived ? { archived: "true" } : {}),
    ...(cursor ? { cursor } : {}),
  });
  return `/admin/macros${query.size > 0 ? `?${query}` : ""}`;
}

function MacroTable({ items }: { items: Macro[] }) {
  return (
    <div class="table-wrap">
      {/* Roles are written out because a changed display takes them away in some browsers. */}
      <table class="table stacks" role="table">
        <caption class="visually-hidden">Macros</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">Name</th>
            <th scope="col" role="columnheader">What it does</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {items.map((macro) => (
            <tr key={macro.id} role="row">
              <td class="c-title" role="cell">
                <a class="row-link" href={`/admin/macros/${macro.id}`}>{macro.name}</a>{" "}
                {macro.archived && <Badge tone="amber">Archived</Badge>}
                {macro.description && <div class="muted small">{macro.description}</div>}
              </td>
              <td class="muted" role="cell">{macro.steps.join(" · ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
