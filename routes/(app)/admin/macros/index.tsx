import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import { listMacros, type Macro } from "@/domain/replies/macros/read.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { ArchivableList } from "@/routes/(app)/admin/(_components)/ArchivableList.tsx";

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

export default define.page<typeof handler>(({ data: { macros: { items, nextCursor } }, url }) => (
  <ArchivableList
    title="Macros"
    path="/admin/macros"
    url={url}
    count={items.length}
    nextCursor={nextCursor}
    empty={
      <EmptyState
        icon="bolt"
        title="No macros yet"
        actions={<ButtonLink href="/admin/macros/new" icon="plus">Create the first one</ButtonLink>}
      >
        A macro changes fields, replies and moves a ticket in one click: “Ask for a screenshot and wait”.
      </EmptyState>
    }
  >
    <MacroTable items={items} />
  </ArchivableList>
));

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
