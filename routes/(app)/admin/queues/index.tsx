import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { listQueues, type Queue } from "@/domain/queues/read.ts";
import { PageOf } from "@/domain/shared/cursor.ts";
import type { Page } from "@/domain/shared/types.ts";
import { parse } from "@/domain/validation.ts";
import { load } from "@/pages/load.ts";
import { firstHref, nextHref } from "@/pages/paging.ts";
import { RULE_LABELS } from "@/routes/(app)/queues/(_data)/rules.ts";

export const handler = define.handlers<Page<Queue>>({
  async GET(ctx) {
    ctx.state.title = "Queues";
    const query = parse(PageOf, { limit: 50, ...Object.fromEntries(ctx.url.searchParams) });
    const list = await load(ctx, (cx) => listQueues(cx, { ...query, archived: true }), MANAGERS);
    // Only requesters get less than whole queues.
    return page(list as Page<Queue>);
  },
});

export default define.page<typeof handler>(({ data: { items, nextCursor }, url }) => (
  <div class="page">
    <PageHeader
      title="Queues"
      crumbs={[{ label: "Administration", href: "/admin" }, { label: "Queues" }]}
      actions={<ButtonLink href="/admin/queues/new" icon="plus" variant="primary">New queue</ButtonLink>}
    />
    {items.length === 0
      ? (
        <EmptyState icon="queue" title="No queues yet">
          A queue is a team and its tickets. Categories and catalog items route tickets to it.
        </EmptyState>
      )
      : (
        <Card flush>
          <StackedTable caption="Queues" columns={["Name", "Assignment", { number: "Members" }]}>
            {items.map((queue) => (
              <Row key={queue.id}>
                <Cell class="c-title">
                  <a class="row-link" href={`/admin/queues/${queue.id}`}>{queue.name}</a>{" "}
                  {queue.archived && <Badge>Archived</Badge>}
                </Cell>
                <Cell>{RULE_LABELS[queue.assignmentRule].label}</Cell>
                <Cell class="num">
                  {queue.memberCount} <span class="stacked-label">members</span>
                </Cell>
              </Row>
            ))}
          </StackedTable>
        </Card>
      )}
    <Pager firstHref={firstHref(url)} nextHref={nextHref(url, nextCursor)} />
  </div>
));
