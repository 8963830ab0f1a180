import { z } from "zod";
import { type Metric, METRICS } from "@/domain/sla/clock/ledger.ts";
import { METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import { DurationText, minutesInput } from "@/domain/sla/clock/durations.ts";
import { CreatePolicy, EditPolicy, PolicyTargetsInput } from "@/domain/sla/policies/fields.ts";
import type { Policy } from "@/domain/sla/policies/read.ts";
import { PRIORITY_LABELS } from "@/domain/tickets/model/formatting.ts";
import { PRIORITIES, type Priority } from "@/domain/tickets/model/priority.ts";
import { formBoolean, version } from "@/domain/validation.ts";

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
        targetName(metric, priority),
        minutesInput(targets[metric][priority]),
      ])
    )),
  };
}

/** The target fields, in the order of the form. */
const TARGETS = PRIORITIES.toReversed().flatMap((priority) =>
  METRICS.map((metric) => ({ name: targetName(metric, priority), label: targetLabel(metric, priority) }))
);

export function targetName(metric: Metric, priority: Priority): string {
  return `targets.${metric}.${priority}`;
}

export function targetLabel(metric: Metric, priority: Priority): string {
  return `${METRIC_LABELS[metric]}, ${PRIORITY_LABELS[priority]}`;
}

/** The errors as they are listed above the form: one about a target names it, one about all leads to the first. */
export function listedErrors(errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([name, message]) => {
      if (name === "targets") return [TARGETS[0]!.name, message];
      const target = TARGETS.find((one) => one.name === name);
      return [name, target ? `${target.label}: ${message}` : message];
    }),
  );
}
