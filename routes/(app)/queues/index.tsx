import { page } from "fresh";
import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS, STAFF } from "@/domain/permissions.ts";
import { listQueueWorkloads, type QueueWorkload } from "@/domain/tickets/workload.ts";
import { STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import { ACTIVE } from "@/domain/tickets/model/states.ts";
import { LivePage } from "@/islands/LivePage.tsx";
import { load } from "@/pages/load.ts";

export const handler = define.handlers<{ queues: QueueWorkload[] }>({
  async GET(ctx) {
    ctx.state.title = "Queues";
    return page({ queues: await load(ctx, listQueueWorkloads, STAFF) });
  },
});

export default define.page<typeof handler>(({ data: { queues }, state }) => {
  const manages = MANAGERS.includes(state.viewer!.actor.role);
  const own = queues.filter(({ mine }) => mine);
  const others = queues.filter(({ mine }) => !mine);
  return (
    <div class="page">
      <PageHeader
        title="Queues"
        actions={manages && <ButtonLink href="/admin/queues" icon="settings">Manage queues</ButtonLink>}
      />
      <div class="live-here">
        <LivePage />
      </div>
      {queues.length === 0 && (
        <EmptyState
          icon="queue"
          title="No queues yet"
          actions={manages && <ButtonLink href="/admin/queues/new" icon="plus">New queue</ButtonLink>}
        >
          A queue is a team with its tickets. Categories and catalog items route tickets to it.
        </EmptyState>
      )}
      <QueueTable title="My queues" queues={own} />
      <QueueTable title={own.length > 0 ? "Other queues" : "All queues"} queues={others} />
    </div>
  );
});

function QueueTable({ title, queues }: { title: string; queues: QueueWorkload[] }) {
  if (queues.length === 0) return null;
  return (
    <Card title={title} flush>
      <div class="table-wrap">
        <table class="table queues stacks">
          <thead>
            <tr>
              <th scope="col">Queue</th>
              {ACTIVE.map((status) => <th key={status} class="num" scope="col">{STATUS_LABELS[status]}</th>)}
              <th class="num" scope="col">Unassigned</th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => <QueueRow key={queue.id ?? ""} queue={queue} />)}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** What is nothing stands back. */
function numClass(count: number): string {
  return count === 0 ? "num is-zero" : "num";
}

function QueueRow({ queue }: { queue: QueueWorkload }) {
  const list = (rest: string) => `/tickets?queueId=${queue.id ?? "none"}&${rest}`;
  const active = ACTIVE.map((status) => `status=${status}`).join("&");
  return (
    <tr>
      <td class="c-title">
        <a class="row-link" href={queue.id ? `/queues/${queue.id}` : list(active)}>{queue.name}</a>{" "}
        {queue.archived && <Badge>Archived</Badge>}
      </td>
      {ACTIVE.map((status) => (
        <td key={status} class={numClass(queue.byStatus[status])}>
          <span class="stacked-label">{STATUS_LABELS[status]}</span>{" "}
          {queue.byStatus[status].toLocaleString("en")}
        </td>
      ))}
      <td class={numClass(queue.unassigned)}>
        <span class="stacked-label">Unassigned</span> {queue.unassigned.toLocaleString("en")}
      </td>
    </tr>
  );
}
