import { Button, ButtonLink } from "@/components/Button.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { ASSIGNMENT_RULES } from "@/domain/queues/next_assignee.ts";
import type { Queue } from "@/domain/queues/read.ts";
import type { FormState } from "@/pages/forms.ts";
import { RULE_LABELS } from "@/routes/(app)/queues/(_data)/rules.ts";

/** Name, purpose and assignment rule of a queue. */
export function QueueForm({ queue, form }: { queue?: Queue; form: FormState }) {
  return (
    <form class="form" id="queue" method="post" action={queue && `/admin/queues/${queue.id}`}>
      <HiddenFields form={form} version={queue?.version} once={!queue} />
      <FormField form={form} name="name" label="Name" value={queue?.name} maxLength={120} required />
      <FormField
        form={form}
        name="description"
        label="Purpose"
        kind="textarea"
        rows={3}
        value={queue?.description}
        optional
      />
      <FormField
        form={form}
        name="assignmentRule"
        label="Assignment rule"
        kind="select"
        value={queue?.assignmentRule ?? "manual"}
        options={ASSIGNMENT_RULES.map((value) => ({
          value,
          label: `${RULE_LABELS[value].label}: ${RULE_LABELS[value].hint}`,
        }))}
      />
      <div class="form-actions">
        <Button variant="primary">{queue ? "Save" : "Create queue"}</Button>
        <ButtonLink href="/admin/queues" variant="quiet">Cancel</ButtonLink>
      </div>
    </form>
  );
}
