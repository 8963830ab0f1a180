import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Pager } from "@/components/Pager.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { listQueues, type Queue } from "@/domain/queues/read.ts";
import type { Page } from "@/domain/shared/types.ts";
import { load } from "@/pages/load.ts";
import { RULE_LABELS } from "@/routes/(app)/queues/(_data)/rules.ts";

export const handler = define.handlers<Page<Queue>>({
  async GET(ctx) {
    ctx.state.title = "Queues";
    const cursor = ctx.url.searchParams.get("cursor") ?? undefined;
    const list = (await load(
      ctx,
      (cx) => listQueues(cx, { limit: 50, cursor, archived: true }),
      MANAGERS,
    )) as Page<Queue>;
    return page(list);
  },
});

export default define.page<typeof handler>(({ data: { items, nextCursor } }) => (
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
          <div class="table-wrap">
            <table class="table stacks">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Assignment</th>
                  <th class="num" scope="col">Members</th>
                </tr>
              </thead>
              <tbody>
                {items.map((queue) => (
                  <tr key={queue.id}>
                    <td class="c-title">
                      <a class="row-link" href={`/admin/queues/${queue.id}`}>{queue.name}</a>{" "}
                      {queue.archived && <Badge>Archived</Badge>}
                    </td>
                    <td>{RULE_LABELS[queue.assignmentRule].label}</td>
                    <td class="num">
                      {queue.memberCount} <span class="stacked-label">members</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Card>
      )}
    {nextCursor && (
      <Pager
        nextHref={`/admin/queues?cursor=${encodeURIComponent(nextCursor)}`}
        shown={`${items.length} shown`}
      />
    )}
  </div>
));
