import { Card } from "@/components/Card.tsx";
import { FormField } from "@/components/FormField.tsx";
import type { Option } from "@/components/types.ts";
import type { Macro } from "@/domain/replies/macros/read.ts";
import type { Named } from "@/domain/shared/types.ts";
import type { TicketChoices } from "@/domain/tickets/choices.ts";
import { PRIORITY_LABELS } from "@/domain/tickets/model/formatting.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import type { FormState } from "@/pages/forms.ts";
import { labelledOptions, optionsOf } from "@/routes/(app)/admin/(_data)/options.ts";
import { MacroSelect } from "./MacroSelect.tsx";

interface Props {
  form: FormState;
  choices: TicketChoices;
  macro: Macro | undefined;
}

export function FieldsCard({ form, choices, macro }: Props) {
  const { categoryId } = macro?.actions ?? {};
  const tags = { hint: "Separated by commas", optional: true };
  return (
    <Card title="Fields">
      <div class="form">
        <div class="form-row">
          <MacroSelect
            form={form}
            name="actions.priority"
            label="Priority"
            options={labelledOptions(PRIORITIES, PRIORITY_LABELS)}
          />
          <MacroSelect
            form={form}
            name="actions.categoryId"
            label="Category"
            options={withNone("No category", choices.categories, categoryId)}
          />
        </div>
        <div class="form-row">
          <FormField form={form} name="actions.addTags" label="Add tags" {...tags} />
          <FormField form={form} name="actions.removeTags" label="Remove tags" {...tags} />
        </div>
      </div>
    </Card>
  );
}

export function AssignmentCard({ form, choices, macro }: Props) {
  const { assigneeId, queueId } = macro?.actions ?? {};
  const me = { value: "me", label: "The person using the macro" };
  return (
    <Card title="Assignment">
      <div class="form-row">
        <MacroSelect
          form={form}
          name="actions.assigneeId"
          label="Assignee"
          options={[me, ...withNone("Nobody", choices.staff, assigneeId === "me" ? null : assigneeId)]}
        />
        <MacroSelect
          form={form}
          name="actions.queueId"
          label="Queue"
          options={withNone("No queue", choices.queues, queueId)}
        />
      </div>
    </Card>
  );
}

function withNone(none: string, things: Named[], current: string | null | undefined): Option[] {
  const named = current ? { id: current, name: "No longer in use" } : null;
  return [{ value: "none", label: none }, ...optionsOf(things, named)];
}
