import type { PageProps } from "fresh";
import { PersonName } from "@/components/Avatar.tsx";
import { Badge } from "@/components/Badge.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import type { State } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import type { QueueMember, QueueWithMembers } from "@/domain/queues/read.ts";
import { Board } from "@/islands/Board.tsx";
import { LeadsHere } from "@/routes/(app)/queues/(_components)/LeadsHere.tsx";
import { RULE_LABELS } from "@/routes/(app)/queues/(_data)/rules.ts";
import type { BoardData } from "@/routes/(app)/queues/[queue]/(_data)/board_data.ts";

const WHOSE = { all: "All", mine: "Mine", unassigned: "Unassigned" } as const;

/** A queue: its tickets by status, and its members. */
export function BoardPage({ data, state }: PageProps<BoardData, State>) {
  const { queue, of, columns, leads, form } = data;
  const { actor } = state.viewer!;
  const manages = MANAGERS.includes(actor.role);
  const whose = Object.entries(WHOSE).map(([value, label]) => ({
    label,
    href: value === "all" ? `/queues/${queue.id}` : `/queues/${queue.id}?of=${value}`,
    current: value === of,
  }));
  return (
    <div class="page">
      <PageHeader
        title={queue.name}
        crumbs={[{ label: "Queues", href: "/queues" }, { label: queue.name }]}
        meta={
          <>
            {queue.archived && <Badge>Archived</Badge>} {queue.description}
          </>
        }
        actions={
          <>
            <ButtonLink href={`/tickets?queueId=${queue.id}`} icon="ticket">List</ButtonLink>
            {manages && (
              <ButtonLink href={`/admin/queues/${queue.id}`} icon="settings" variant="quiet">
                Settings
              </ButtonLink>
            )}
          </>
        }
      />
      <ErrorList form={form} unlinked />
      <Tabs tabs={whose} label="Tickets by assignee" />
      <Board
        columns={columns}
        action={`/queues/${queue.id}/moves?of=${of}`}
        scope={{
          queueId: queue.id,
          assigneeId: of === "mine" ? actor.id : of === "unassigned" ? "none" : null,
        }}
      />
      <div class="board-below">
        <Team queue={queue} actorId={actor.id} manages={manages} />
        <LeadsHere
          leads={leads}
          hint="No category or catalog item routes tickets here. Move tickets here manually."
        />
      </div>
    </div>
  );
}

function Team({ queue, actorId, manages }: { queue: QueueWithMembers; actorId: string; manages: boolean }) {
  if (queue.members.length === 0) {
    return (
      <Card title="Team">
        <p class="hint">This queue has no members yet.</p>
        {manages && (
          <div class="form-actions">
            <ButtonLink href={`/admin/queues/${queue.id}`} icon="plus">Add members</ButtonLink>
          </div>
        )}
      </Card>
    );
  }
  return (
    <Card title="Team">
      <p class="hint">{RULE_LABELS[queue.assignmentRule].hint}</p>
      <ul class="plain">
        {queue.members.map((member) => (
          <li key={member.id} class="member">
            <PersonName person={member} />
            <Accepts member={member} queue={queue} may={manages || member.id === actorId} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Accepts({ member, queue, may }: { member: QueueMember; queue: QueueWithMembers; may: boolean }) {
  const now = member.accepts ? "Gets new tickets" : "Paused";
  if (!may || queue.assignmentRule === "manual") {
    return queue.assignmentRule === "manual" ? null : <span class="hint">{now}</span>;
  }
  return (
    <form method="post" action={`/queues/${queue.id}/members`}>
      <input type="hidden" name="userId" value={member.id} />
      <input type="hidden" name="accepts" value={member.accepts ? "off" : "on"} />
      <span class="hint">{now}</span>
      <Button size="sm" variant="quiet" label={`${member.accepts ? "Pause" : "Resume"} ${member.name}`}>
        {member.accepts ? "Pause" : "Resume"}
      </Button>
    </form>
  );
}
