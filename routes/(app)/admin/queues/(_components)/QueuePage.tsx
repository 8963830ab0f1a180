import type { PageProps } from "fresh";
import { PersonName } from "../../../../../components/Avatar.tsx";
import { Badge } from "../../../../../components/Badge.tsx";
import { Button, ButtonLink } from "../../../../../components/Button.tsx";
import { Card } from "../../../../../components/Card.tsx";
import { Field } from "../../../../../components/Field.tsx";
import { FormErrors } from "../../../../../components/FormErrors.tsx";
import { PageHeader } from "../../../../../components/PageHeader.tsx";
import type { State } from "../../../../../define.ts";
import type { QueueData } from "./data.ts";
import { QueueForm } from "./QueueForm.tsx";

/** The settings of a queue: name and rule, team, what leads to it, its end. */
export function QueuePage({ data }: PageProps<QueueData, State>) {
  const { queue, form, member, categories } = data;
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
      <Card title="What leads here">
        {categories.length === 0
          ? <p class="hint">No category leads here yet: choose this queue in a category's settings.</p>
          : (
            <ul class="plain">
              {categories.map(({ id, name }) => (
                <li key={id}>
                  <a href={`/tickets?categoryId=${id}`}>{name}</a>
                </li>
              ))}
            </ul>
          )}
      </Card>
      <Card title={queue.archived ? "Use it again" : "Archive"}>
        <p>
          {queue.archived
            ? "It can be chosen again, and categories lead to it."
            : "Nothing new goes there any more. Its tickets stay where they are."}
        </p>
        <form method="post">
          <input type="hidden" name="version" value={queue.version} />
          <input type="hidden" name="archived" value={queue.archived ? "no" : "yes"} />
          <Button variant={queue.archived ? "secondary" : "danger"}>
            {queue.archived ? "Use it again" : "Archive queue"}
          </Button>
        </form>
      </Card>
    </div>
  );
}

function Team({ data: { queue, others, member } }: { data: QueueData }) {
  const action = `/admin/queues/${queue.id}/members`;
  return (
    <Card title="Team">
      {queue.members.length === 0 && <p class="hint">Nobody yet.</p>}
      <ul class="plain">
        {queue.members.map((person) => (
          <li key={person.id} class="member">
            <PersonName person={person} />
            {!person.accepts && <span class="hint">Takes no tickets</span>}
            <form method="post" action={action}>
              <input type="hidden" name="userId" value={person.id} />
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
            label="Somebody of the help desk"
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
