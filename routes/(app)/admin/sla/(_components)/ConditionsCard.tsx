import { Card } from "@/components/Card.tsx";
import { FormField } from "@/components/FormField.tsx";
import type { Option } from "@/components/types.ts";
import type { Policy } from "@/domain/sla/policies/read.ts";
import { TYPE_LABELS, TYPES } from "@/domain/tickets/model/formatting.ts";
import type { FormState } from "@/pages/forms.ts";
import { labelledOptions, optionsOf } from "@/routes/(app)/admin/(_data)/options.ts";
import type { PolicyChoices } from "@/routes/(app)/admin/sla/(_data)/policy_choices.ts";

/** Which tickets a policy applies to. */
export function ConditionsCard({ policy, choices, form }: {
  policy: Policy | undefined;
  choices: PolicyChoices;
  form: FormState;
}) {
  const any = (label: string, options: Option[]): Option[] => [{ value: "", label }, ...options];
  return (
    <Card title="Applies to">
      <div class="form">
        <div class="form-thirds">
          <FormField
            form={form}
            name="categoryId"
            label="Category"
            kind="select"
            options={any("Any category", optionsOf(choices.categories, policy?.category))}
            hint="Includes subcategories"
          />
          <FormField
            form={form}
            name="queueId"
            label="Queue"
            kind="select"
            options={any("Any queue", optionsOf(choices.queues, policy?.queue))}
          />
          <FormField
            form={form}
            name="type"
            label="Type"
            kind="select"
            options={any("Any type", labelledOptions(TYPES, TYPE_LABELS))}
          />
        </div>
        <p class="hint">
          If several policies match a ticket, the one with the most conditions applies; between two with a
          category, the more specific one.
        </p>
      </div>
    </Card>
  );
}
