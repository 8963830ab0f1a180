import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { Card } from "@/components/Card.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { listMacros, type Macro } from "@/domain/replies/macros/read.ts";
import { PageOf, withArchived } from "@/domain/shared/cursor.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { ArchivableList } from "@/routes/(app)/admin/(_components)/ArchivableList.tsx";

export const handler = define.handlers<Page<Macro>>({
  async GET(ctx) {
    ctx.state.title = "Macros";
    const query = parse(PageOf.extend(withArchived), Object.fromEntries(ctx.url.searchParams));
    return page(await load(ctx, (cx) => listMacros(cx, query), MANAGERS));
  },
});

export default define.page<typeof handler>(({ data, url }) => (
  <ArchivableList
    title="Macros"
    url={url}
    list={data}
    create="New macro"
    empty={{
      icon: "bolt",
      title: "No macros yet",
      text:
        "A macro changes fields, replies and moves a ticket in one click: “Ask for a screenshot and wait”.",
    }}
  >
    {(items) => (
      <Card flush>
        <StackedTable caption="Macros" columns={["Name", "What it does"]}>
          {items.map((macro) => (
            <Row key={macro.id}>
              <Cell class="c-title">
                <a class="row-link" href={`/admin/macros/${macro.id}`}>{macro.name}</a>{" "}
                {macro.archived && <Badge tone="amber">Archived</Badge>}
                {macro.description && <div class="muted small">{macro.description}</div>}
              </Cell>
              <Cell class="muted">{macro.steps.join(" · ")}</Cell>
            </Row>
          ))}
        </StackedTable>
      </Card>
    )}
  </ArchivableList>
));
