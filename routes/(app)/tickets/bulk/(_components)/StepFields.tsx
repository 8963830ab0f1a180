import { Field } from "@/components/Field.tsx";
import type { Option } from "@/components/types.ts";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import { PENDING_LABELS, PRIORITY_LABELS, STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { PENDING_REASONS, STATUSES } from "@/domain/tickets/model/states.ts";
import type { Named } from "@/domain/shared/types.ts";
import type { FormState } from "@/pages/forms.ts";

const KEEP: Option = { value: "", label: "No change" };

/** The fields that a bulk change can set. */
export function StepFields({ choices, form }: { choices: TicketChoices; form: FormState }) {
  const { values, errors } = form;
  const select = (name: string, label: string, options: Option[]) => (
    <Field
      name={name}
      label={label}
      kind="select"
      value={values[name] ?? ""}
      options={[KEEP, ...options]}
      error={errors[name] ?? errors[`change.${name}`]}
    />
  );
  const text = (name: string, label: string, hint?: string) => (
    <Field
      name={name}
      label={label}
      value={values[name]}
      error={errors[name] ?? errors[`change.${name}`]}
      hint={hint}
      optional
    />
  );
  return (
    <>
      <div class="form-row">
        {select(
          "priority",
          "Priority",
          PRIORITIES.map((value) => ({ value, label: PRIORITY_LABELS[value] })),
        )}
        {select("assigneeId", "Assignee", [
          { value: "me", label: "Me" },
          { value: "none", label: "Unassigned" },
          ...named(choices.staff),
        ])}
      </div>
      <div class="form-row">
        {select("queueId", "Queue", [{ value: "none", label: "No queue" }, ...named(choices.queues)])}
        {select("categoryId", "Category", [
          { value: "none", label: "No category" },
          ...named(choices.categories),
        ])}
      </div>
      <div class="form-row">
        {text("addTags", "Add tags", "Separated by commas")}
        {text("removeTags", "Remove tags", "Separated by commas")}
      </div>
      <div class="form-row">
        {select("to", "Status", STATUSES.map((value) => ({ value, label: STATUS_LABELS[value] })))}
        {select(
          "reason",
          "Waiting for",
          PENDING_REASONS.filter((value) => value !== "scheduled")
            .map((value) => ({ value, label: PENDING_LABELS[value] })),
        )}
      </div>
      <Field
        name="note"
        label="Resolution"
        kind="textarea"
        rows={2}
        value={values.note}
        error={errors.note ?? errors["change.note"]}
        hint="Required to resolve"
        optional
      />
      <Field
        name="comment"
        label="Comment on each ticket"
        kind="textarea"
        rows={3}
        value={values.comment}
        error={errors.comment ?? errors["change.comment"]}
        optional
      />
      <Field
        name="visibility"
        label="Visibility"
        kind="segmented"
        value={values.visibility ?? "public"}
        options={[{ value: "public", label: "Everyone" }, { value: "internal", label: "Help desk" }]}
      />
    </>
  );
}

function named(things: Named[]): Option[] {
  return things.map(({ id, name }) => ({ value: id, label: name }));
}
