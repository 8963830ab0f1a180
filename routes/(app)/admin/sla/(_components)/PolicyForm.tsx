import { PriorityBadge } from "@/components/Badge.tsx";
import { Button, ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Field, fieldId, type FieldProps } from "@/components/Field.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { Icon } from "@/components/Icon.tsx";
import type { Option } from "@/components/types.ts";
import { METRICS } from "@/domain/sla/clock/ledger.ts";
import { METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import type { Policy } from "@/domain/sla/policies/read.ts";
import { PRIORITY_LABELS, TYPE_LABELS, TYPES } from "@/domain/tickets/model/formatting.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import type { Named } from "@/domain/shared/types.ts";
import type { FormState } from "@/pages/forms.ts";
import { ApplyToOpen } from "@/routes/(app)/admin/(_components)/ApplyToOpen.tsx";
import type { PolicyChoices } from "@/routes/(app)/admin/sla/(_data)/data.ts";
import { policyValues } from "@/routes/(app)/admin/sla/(_data)/policy_form.ts";

/** A policy's targets, calendar and conditions. */
export function PolicyForm(
  { policy, choices, form }: { policy?: Policy; choices: PolicyChoices; form: FormState },
) {
  const values = { ...(policy ? policyValues(policy) : {}), ...form.values };
  const { errors } = form;
  const field = (name: string, props: Omit<FieldProps, "name" | "value" | "error">) => (
    <Field name={name} value={values[name] ?? ""} error={errors[name]} {...props} />
  );
  return (
    <>
      <FormErrors
        errors={Object.entries(errors).map(([name, message]) => ({
          field: name === "targets" ? TARGETS[0]!.name : name,
          message: prefixed(name, message),
        }))}
      />
      <form class="form" id="policy" method="post">
        {policy ? <input type="hidden" name="version" value={policy.version} /> : (
          <input
            type="hidden"
            name="idempotencyKey"
            value={values.idempotencyKey ?? crypto.randomUUID()}
          />
        )}
        <div class="form-row">
          {field("name", {
            label: "Name",
            maxLength: 120,
            required: true,
            autoFocus: !policy && !form.refusal,
          })}
          {field("calendarId", {
            label: "Calendar",
            kind: "select",
            options: withPresent(choices.calendars, policy?.calendar),
            hint: (
              <>
                The business hours that count: see <a href="/admin/calendars">Calendars</a>
              </>
            ),
          })}
        </div>
        <Card title="Targets">
          <p class="hint">
            Business time, such as <code>30 min</code>, <code>4 h</code> or{" "}
            <code>1 h 30 min</code>. Leave a field empty for no target.
          </p>
          <Targets values={values} errors={errors} />
        </Card>
        <Card title="Applies to">
          <div class="form">
            <div class="form-thirds">
              {field("categoryId", {
                label: "Category",
                kind: "select",
                options: any("Any category", withPresent(choices.categories, policy?.category)),
                hint: "Includes subcategories",
              })}
              {field("queueId", {
                label: "Queue",
                kind: "select",
                options: any("Any queue", withPresent(choices.queues, policy?.queue)),
              })}
              {field("type", {
                label: "Type",
                kind: "select",
                options: any("Any type", TYPES.map((value) => ({ value, label: TYPE_LABELS[value] }))),
              })}
            </div>
            <p class="hint">
              If several policies match a ticket, the one with the most conditions applies; between two with a
              category, the more specific one.
            </p>
          </div>
        </Card>
        {policy && <ApplyToOpen value={values.applyToOpen} what="targets and hours" />}
        <div class="form-actions">
          <Button variant="primary">{policy ? "Save new version" : "Create policy"}</Button>
          <ButtonLink href="/admin/sla" variant="quiet">Cancel</ButtonLink>
        </div>
      </form>
    </>
  );
}

/** The target fields, in the order of the form. */
const TARGETS = PRIORITIES.toReversed().flatMap((priority) =>
  METRICS.map((metric) => ({
    name: `targets.${metric}.${priority}`,
    label: `${METRIC_LABELS[metric]}, ${PRIORITY_LABELS[priority]}`,
  }))
);

/** Names the target that an error is about. */
function prefixed(name: string, message: string): string {
  const target = TARGETS.find((one) => one.name === name);
  return target ? `${target.label}: ${message}` : message;
}

function Targets({ values, errors }: Pick<FormState, "values" | "errors">) {
  return (
    <>
      <table class="targets">
        <thead>
          <tr>
            <th scope="col">Priority</th>
            {METRICS.map((metric) => <th key={metric} scope="col">{METRIC_LABELS[metric]}</th>)}
          </tr>
        </thead>
        <tbody>
          {PRIORITIES.toReversed().map((priority) => (
            <tr key={priority}>
              <th scope="row">
                <PriorityBadge priority={priority} />
              </th>
              {METRICS.map((metric) => {
                const name = `targets.${metric}.${priority}`;
                return (
                  <td key={metric}>
                    <Field
                      name={name}
                      label={`${METRIC_LABELS[metric]}, ${PRIORITY_LABELS[priority]}`}
                      value={values[name] ?? ""}
                      error={errors[name]}
                      placeholder="None"
                      maxLength={40}
                      autoComplete="off"
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {errors.targets && (
        <p class="field-error" id={`${fieldId("targets")}-error`}>
          <Icon name="alert" size="sm" />
          <span>{errors.targets}</span>
        </p>
      )}
    </>
  );
}

function any(label: string, options: Option[]): Option[] {
  return [{ value: "", label }, ...options];
}

/** The choices, including the current one if it is archived, so that saving keeps it. */
function withPresent(things: Named[], present: Named | null | undefined): Option[] {
  const missing = present && !things.some(({ id }) => id === present.id)
    ? [{ value: present.id, label: `${present.name} (archived)` }]
    : [];
  return [...missing, ...things.map(({ id, name }) => ({ value: id, label: name }))];
}
