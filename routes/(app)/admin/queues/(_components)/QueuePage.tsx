import type { PageProps } from "fresh";
import { PersonName } from "@/components/Avatar.tsx";
import { Badge } from "@/components/Badge.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import type { State } from "@/define.ts";
import { LeadsHere } from "@/routes/(app)/queues/(_components)/LeadsHere.tsx";
import type { QueueData } from "@/routes/(app)/admin/queues/(_data)/data.ts";
import { QueueForm } from "./QueueForm.tsx";

/** A queue's settings, team and routing. */
export function QueuePage({ data }: PageProps<QueueData, State>) {
  const { queue, form, member, leads } = data;
  const errors = Object.entries({ ...form.errors, ...member.errors });
  const typed = Object.keys(form.errors).length > 0 ? form.values : {};
  return (
    <div class="page page-narrow">
      <PageHeader
        title={queue.name}
        crumbs={[{ label: "Queues", href: "/admin/queues" }, { label: queue.name }]}
        meta={queue.archived && <Badge>Archived</Badge>}
        actions={<ButtonLink href={`/queues/${queue.id}`} icon="queue">Board</ButtonLink>}
      />
      <FormErrors errors={errors.map(([field, message]) => ({ field, message }))} />
      <Card title="Settings">
        <QueueForm
          values={{
            name: queue.name,
            description: queue.description,
            assignmentRule: queue.assignmentRule,
            ...typed,
            version: String(queue.version),
          }}
          errors={form.errors}
          submit="Save"
        />
      </Card>
      <Team data={data} />
      <LeadsHere
        leads={leads}
        hint="Nothing is routed here yet. Choose this queue in a category or catalog item."
      />
      <Card title={queue.archived ? "Use it again" : "Archive"}>
        <form class="form" method="post">
          <input type="hidden" name="version" value={queue.version} />
          <input type="hidden" name="archived" value={queue.archived ? "no" : "yes"} />
          <p>
            {queue.archived
              ? "It can be chosen again, and tickets are routed to it."
              : "It gets no new tickets. Its tickets stay where they are."}
          </p>
          <div class="form-actions">
            <Button variant={queue.archived ? "secondary" : "danger"}>
              {queue.archived ? "Use it again" : "Archive queue"}
            </Button>
          </div>
        </form>
      </Card>
    </div>
  );
}

function Team({ data: { queue, others, member } }: { data: QueueData }) {
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
      {others.length > 0 && (
        <form class="form form-inline" method="post" action={action}>
          <Field
            name="userId"
            label="Add a member"
            kind="select"
            options={others.map(({ id, name }) => ({ value: id, label: name }))}
            error={member.errors.userId}
          />
          <Button name="change" value="add" icon="plus">Add</Button>
        </form>
      )}
    </Card>
  );
}
