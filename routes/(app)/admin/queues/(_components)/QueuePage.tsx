import type { PageProps } from "fresh";
import { PersonName } from "@/components/Avatar.tsx";
import { Badge } from "@/components/Badge.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { Field } from "@/components/Field.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import type { State } from "@/define.ts";
import type { FormState } from "@/pages/forms.ts";
import { ArchiveCard } from "@/routes/(app)/admin/(_components)/ArchiveCard.tsx";
import { ticketsSaid } from "@/routes/(app)/admin/(_data)/tickets_back.ts";
import { optionsOf } from "@/routes/(app)/admin/(_data)/options.ts";
import { LeadsHere } from "@/routes/(app)/queues/(_components)/LeadsHere.tsx";
import type { QueueData } from "@/routes/(app)/admin/queues/(_data)/queue_data.ts";
import { QueueForm } from "./QueueForm.tsx";

export interface QueuePageData extends QueueData {
  form: FormState;
  /** The form of the team, if that was refused. */
  member?: FormState;
}

/** A queue's settings, team and routing. */
export function QueuePage({ data }: PageProps<QueuePageData, State>) {
  const { queue, form, member, leads } = data;
  return (
    <div class="page page-narrow">
      <PageHeader
        title={queue.name}
        crumbs={[{ label: "Queues", href: "/admin/queues" }, { label: queue.name }]}
        meta={queue.archived && <Badge>Archived</Badge>}
        actions={<ButtonLink href={`/queues/${queue.id}`} icon="queue">Board</ButtonLink>}
      />
      <StaleNotice form={form} href={`/admin/queues/${queue.id}`} />
      <ErrorList form={member ?? form} />
      <Card title="Settings">
        <QueueForm queue={queue} form={form} />
      </Card>
      <Team data={data} />
      <LeadsHere
        leads={leads}
        hint="Nothing is routed here yet. Choose this queue in a category or catalog item."
      />
      <ArchiveCard
        archived={queue.archived}
        version={queue.version}
        action={`/admin/queues/${queue.id}`}
      >
        {queue.archived
          ? "No tickets are routed to it. Restore it to use it again."
          : "An archived queue gets no new tickets. Its tickets stay where they are."}
      </ArchiveCard>
    </div>
  );
}

function Team({ data: { queue, others, leaving, member } }: { data: QueuePageData }) {
  const action = `/admin/queues/${queue.id}/members`;
  return (
    <Card title="Team">
      <p class="hint">
        {queue.members.length === 0
          ? "No members yet. Tickets stay unassigned."
          : "Paused members keep their tickets but aren't assigned new ones."}
      </p>
      <ul class="plain">
        {queue.members.map((person) => (
          <li key={person.id} class="member">
            <PersonName person={person} />
            {!person.accepts && <Badge>Paused</Badge>}
            <form method="post" action={action}>
              <input type="hidden" name="userId" value={person.id} />
              {queue.assignmentRule !== "manual" && (
                <Button
                  size="sm"
                  variant="quiet"
                  name="change"
                  value={person.accepts ? "pause" : "resume"}
                  label={`${person.accepts ? "Pause" : "Resume"} ${person.name}`}
                >
                  {person.accepts ? "Pause" : "Resume"}
                </Button>
              )}
              <Button size="sm" variant="quiet" name="change" value="remove" label={`Remove ${person.name}`}>
                Remove
              </Button>
            </form>
          </li>
        ))}
      </ul>
      {leaving.map(({ id, name, tickets }) => (
        <p key={id} class="hint">{name} left: {ticketsSaid(tickets)} still to hand over.</p>
      ))}
      {others.length > 0 && (
        <form class="form form-inline" method="post" action={action}>
          <Field
            name="userId"
            label="Add a member"
            kind="select"
            options={optionsOf(others)}
            error={member?.errors.userId}
          />
          <Button name="change" value="add" icon="plus">Add</Button>
        </form>
      )}
    </Card>
  );
}
