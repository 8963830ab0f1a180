import { createHash } from "node:crypto";
import { Button, ButtonLink } from "@/components/Button.tsx";
import type { ConflictField } from "@/components/ConflictNotice.tsx";
import { Field } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import type { Option } from "@/components/types.ts";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import { LEVEL_LABELS, PRIORITY_LABELS } from "@/domain/tickets/model/formatting.ts";
import { LEVELS, PRIORITIES } from "@/domain/tickets/model/priority.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import type { Named } from "@/domain/shared/types.ts";
import type { FormState } from "@/pages/forms.ts";

/** The fields of a ticket that can be edited: text for its requester, all for staff. */
export function EditForm({ ticket, choices, form: { values, errors }, staff }: {
  ticket: Ticket;
  choices: TicketChoices;
  form: FormState;
  staff: boolean;
}) {
  const now = raw(ticket);
  const select = (name: string, label: string, options: Option[]) => (
    <Field
      name={name}
      label={label}
      kind="select"
      value={values[name] ?? now[name]}
      options={options}
      error={errors[name]}
    />
  );
  return (
    <>
      <FormErrors errors={Object.entries(errors).map(([field, message]) => ({ field, message }))} />
      <form class="form" method="post">
        <input type="hidden" name="version" value={values.version ?? ticket.version} />
        <input type="hidden" name="base" value={values.base ?? baseOf(ticket)} />
        <Field
          name="title"
          label="Title"
          value={values.title ?? ticket.title}
          error={errors.title}
          maxLength={200}
          required
        />
        <Field
          name="description"
          label="Description"
          kind="textarea"
          rows={10}
          value={values.description ?? ticket.description}
          error={errors.description}
        />
        {staff && (
          <>
            <div class="form-row">
              {select("impact", "Impact", labelled(LEVELS, LEVEL_LABELS))}
              {select("urgency", "Urgency", labelled(LEVELS, LEVEL_LABELS))}
              {select("priority", "Priority", labelled(PRIORITIES, PRIORITY_LABELS))}
            </div>
            <div class="form-row">
              {select("categoryId", "Category", withNone("No category", choices.categories, ticket.category))}
              {select("queueId", "Queue", withNone("No queue", choices.queues, ticket.queue))}
            </div>
            <Field
              name="tags"
              label="Tags"
              value={values.tags ?? now.tags}
              error={errors.tags}
              hint="Up to 20, separated by commas"
              optional
            />
          </>
        )}
        <div class="form-actions">
          <Button variant="primary">Save</Button>
          <ButtonLink href={`/tickets/${ticket.key}`} variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </>
  );
}

const LABELS: Record<string, string> = {
  title: "Title",
  description: "Description",
  impact: "Impact",
  urgency: "Urgency",
  priority: "Priority",
  categoryId: "Category",
  queueId: "Queue",
  tags: "Tags",
};

/** Every field that the person changed and that is something else now, for them to choose. */
export function conflictFields(
  ticket: Ticket,
  values: Record<string, string>,
  choices: TicketChoices,
): ConflictField[] {
  const now = raw(ticket);
  const base = new URLSearchParams(values.base);
  const words = (name: string, value: string) => {
    const named = [...choices.categories, ...choices.queues, ticket.category, ticket.queue];
    return name.endsWith("Id") ? named.find((thing) => thing?.id === value)?.name ?? "None" : value;
  };
  return Object.keys(LABELS).flatMap((name) => {
    const mine = values[name]?.replaceAll("\r\n", "\n");
    const theirs = now[name] ?? "";
    if (mine === undefined || mine === theirs || base.get(name) === digest(mine)) return [];
    return [{
      name,
      label: LABELS[name]!,
      yours: { value: mine, text: words(name, mine) },
      theirs: { value: theirs, text: words(name, theirs) },
    }];
  });
}

/** What a ticket's fields were when its form was opened, by digest: enough to tell later what the person changed. */
export function baseOf(ticket: Ticket): string {
  return new URLSearchParams(Object.entries(raw(ticket)).map(([name, value]) => [name, digest(value)]))
    .toString();
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}

/** A ticket's fields as a form holds them. */
function raw(ticket: Ticket): Record<string, string> {
  return {
    title: ticket.title,
    description: ticket.description,
    impact: ticket.impact,
    urgency: ticket.urgency,
    priority: ticket.priority,
    categoryId: ticket.category?.id ?? "",
    queueId: ticket.queue?.id ?? "",
    tags: ticket.tags.join(", "),
  };
}

function labelled<V extends string>(values: readonly V[], labels: Readonly<Record<V, string>>): Option[] {
  return values.map((value) => ({ value, label: labels[value] }));
}

function withNone(none: string, things: Named[], present: Named | null): Option[] {
  const missing = present && !things.some(({ id }) => id === present.id) ? [present] : [];
  return [
    { value: "", label: none },
    ...[...missing, ...things].map(({ id, name }) => ({ value: id, label: name })),
  ];
}
