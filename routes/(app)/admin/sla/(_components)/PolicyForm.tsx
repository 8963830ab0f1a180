import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { FieldMessage } from "@/components/FieldMessage.tsx";
import { FormField } from "@/components/FormField.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import type { Policy } from "@/domain/sla/policies/read.ts";
import type { FormState } from "@/pages/forms.ts";
import { ApplyToOpen } from "@/routes/(app)/admin/(_components)/ApplyToOpen.tsx";
import { optionsOf } from "@/routes/(app)/admin/(_data)/options.ts";
import type { PolicyChoices } from "@/routes/(app)/admin/sla/(_data)/policy_choices.ts";
import {
  listedErrors,
  policyValues,
  targetLabel,
  targetName,
} from "@/routes/(app)/admin/sla/(_data)/policy_form.ts";
import { ConditionsCard } from "./ConditionsCard.tsx";
import { TargetTable } from "./TargetTable.tsx";

/** A policy's targets, calendar and conditions. */
export function PolicyForm({ policy, choices, form }: {
  policy?: Policy;
  choices: PolicyChoices;
  form: FormState;
}) {
  const values = { ...(policy ? policyValues(policy) : {}), ...form.values };
  const shown = { ...form, values };
  return (
    <>
      <ErrorList form={{ errors: listedErrors(form.errors) }} />
      <form class="form" id="policy" method="post">
        <HiddenFields form={form} version={policy?.version} once={!policy} />
        <div class="form-row">
          <FormField
            form={shown}
            name="name"
            label="Name"
            maxLength={120}
            autoFocus={!policy && !form.refusal}
            required
          />
          <FormField
            form={shown}
            name="calendarId"
            label="Calendar"
            kind="select"
            options={optionsOf(choices.calendars, policy?.calendar)}
            hint={
              <>
                The business hours that count: see <a href="/admin/calendars">Calendars</a>
              </>
            }
          />
        </div>
        <Card title="Targets">
          <p class="hint">
            Business time, such as <code>30 min</code>, <code>4 h</code> or{" "}
            <code>1 h 30 min</code>. Leave a field empty for no target.
          </p>
          <TargetTable
            class="targets"
            caption="Targets"
            cell={(metric, priority) => (
              <FormField
                form={shown}
                name={targetName(metric, priority)}
                label={targetLabel(metric, priority)}
                placeholder="None"
                maxLength={40}
                autoComplete="off"
              />
            )}
          />
          <FieldMessage name="targets" message={form.errors.targets} />
        </Card>
        <ConditionsCard policy={policy} choices={choices} form={shown} />
        {policy && <ApplyToOpen value={values.applyToOpen} what="targets and hours" />}
        <div class="form-actions">
          <Button variant="primary">{policy ? "Save new version" : "Create policy"}</Button>
          <ButtonLink href="/admin/sla" variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </>
  );
}
