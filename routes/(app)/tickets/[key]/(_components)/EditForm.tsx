import { Button, ButtonLink } from "@/components/Button.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { Field } from "@/components/Field.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { Option } from "@/components/types.ts";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import { LEVEL_LABELS, PRIORITY_LABELS, TYPE_LABELS, TYPES } from "@/domain/tickets/model/formatting.ts";
import { LEVELS, PRIORITIES } from "@/domain/tickets/model/priority.ts";
import type { Ticket } from "@/domain/tickets/model/types.ts";
import type { Named } from "@/domain/shared/types.ts";
import type { FormState } from "@/pages/forms.ts";
import { baseOf, fieldsOf } from "@/routes/(app)/tickets/[key]/(_data)/edit_conflict.ts";

/** The fields of a ticket that can be edited: text for its requester, all for staff. */
export function EditForm({ ticket, choices, form, staff }: {
  ticket: Ticket;
  choices: TicketChoices;
  form: FormState;
  staff: boolean;
}) {
  const { values, errors } = form;
  const now = fieldsOf(ticket);
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
      <ErrorList form={form} />
      <form class="form" method="post">
        <HiddenFields form={form} version={ticket.version} />
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
            {select("type", "Type", labelled(TYPES, TYPE_LABELS))}
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
