import { Button, ButtonLink } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { ASSIGNMENT_RULES } from "@/domain/queues/next_assignee.ts";
import { RULE_LABELS } from "@/routes/(app)/queues/(_data)/rules.ts";

/** Name, purpose and assignment rule of a queue. */
export function QueueForm({ values, errors, submit }: {
  values: Record<string, string>;
  errors: Record<string, string>;
  submit: string;
}) {
  return (
    <form class="form" method="post">
      {values.version !== undefined && <input type="hidden" name="version" value={values.version} />}
      {values.version === undefined && (
        <input type="hidden" name="idempotencyKey" value={values.idempotencyKey ?? crypto.randomUUID()} />
      )}
      <Field name="name" label="Name" value={values.name} error={errors.name} maxLength={120} required />
      <Field
        name="description"
        label="Purpose"
        kind="textarea"
        rows={3}
        value={values.description}
        error={errors.description}
        optional
      />
      <Field
        name="assignmentRule"
        label="Assignment rule"
        kind="select"
        value={values.assignmentRule ?? "manual"}
        options={ASSIGNMENT_RULES.map((value) => ({
          value,
          label: `${RULE_LABELS[value].label}: ${RULE_LABELS[value].hint}`,
        }))}
        error={errors.assignmentRule}
      />
      <div class="form-actions">
        <Button variant="primary">{submit}</Button>
        <ButtonLink href="/admin/queues" variant="quiet">Cancel</ButtonLink>
      </div>
    </form>
  );
}
