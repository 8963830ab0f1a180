import type { ComponentChildren } from "preact";
import { PriorityBadge } from "@/components/Badge.tsx";
import { type Metric, METRICS } from "@/domain/sla/clock/ledger.ts";
import { formatMinutes, METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import type { Policy } from "@/domain/sla/policies/read.ts";
import { PRIORITIES, type Priority } from "@/domain/tickets/model/priority.ts";

/** A cell for each metric and priority. */
export function TargetTable({ class: name, caption, cell }: {
  class: string;
  caption: string;
  cell: (metric: Metric, priority: Priority) => ComponentChildren;
}) {
  return (
    <table class={name}>
      <caption class="visually-hidden">{caption}</caption>
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
            {METRICS.map((metric) => <td key={metric}>{cell(metric, priority)}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A policy's targets by priority. */
export function PolicyTargets({ policy: { name, targets } }: { policy: Policy }) {
  return (
    <TargetTable
      class="promises"
      caption={`Targets of ${name}`}
      cell={(metric, priority) => {
        const minutes = targets[metric][priority];
        return minutes === null ? "—" : formatMinutes(minutes);
      }}
    />
  );
}
