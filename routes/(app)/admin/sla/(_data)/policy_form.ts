import { z } from "zod";
import { METRICS } from "@/domain/sla/clock/ledger.ts";
import { DurationText, minutesInput } from "@/domain/sla/clock/durations.ts";
import { CreatePolicy, EditPolicy, PolicyTargetsInput } from "@/domain/sla/policies/fields.ts";
import type { Policy } from "@/domain/sla/policies/read.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { formBoolean, version } from "@/domain/validation.ts";
import type { FormValues } from "@/pages/forms.ts";

const typed = z.object({ low: DurationText, medium: DurationText, high: DurationText, urgent: DurationText });
const TypedTargets = z.object({ firstResponse: typed, resolution: typed })
  .transform((targets): z.input<typeof PolicyTargetsInput> => targets).pipe(PolicyTargetsInput);

/** A new policy as its form sends it: targets are text. */
export const PolicyFields = CreatePolicy.extend({ targets: TypedTargets });

export const PolicyChange = EditPolicy.extend({
  version,
  targets: TypedTargets.optional(),
  archived: formBoolean.optional(),
  applyToOpen: formBoolean.default(false),
});

/** Collects the fields called `targets.…` into one object, as the schema expects. */
export function policyInput(values: FormValues): FormValues {
  if (!Object.keys(values).some((name) => name.startsWith("targets."))) return values;
  const targets = Object.fromEntries(METRICS.map((metric) => [
    metric,
    Object.fromEntries(PRIORITIES.map((priority) => [priority, values[`targets.${metric}.${priority}`]])),
  ]));
  return { ...values, targets } as unknown as FormValues;
}

export function policyValues(policy: Policy): Record<string, string> {
  const { name, calendar, category, queue, type, targets } = policy;
  return {
    name,
    calendarId: calendar.id,
    categoryId: category?.id ?? "",
    queueId: queue?.id ?? "",
    type: type ?? "",
    ...Object.fromEntries(METRICS.flatMap((metric) =>
      PRIORITIES.map((priority) => [
        `targets.${metric}.${priority}`,
        minutesInput(targets[metric][priority]),
      ])
    )),
  };
}
