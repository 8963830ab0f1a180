import { PriorityBadge } from "@/components/Badge.tsx";
import { PropertyList } from "@/components/PropertyList.tsx";
import { METRICS } from "@/domain/sla/clock/ledger.ts";
import { formatMinutes, METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import type { Policy } from "@/domain/sla/policies/read.ts";
import { TYPE_LABELS } from "@/domain/tickets/model/formatting.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";

/** A policy's targets by priority. */
export function PromiseTable({ policy: { name, targets } }: { policy: Policy }) {
  return (
    <table class="promises">
      <caption class="visually-hidden">Targets of {name}</caption>
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
              const minutes = targets[metric][priority];
              return <td key={metric}>{minutes === null ? "—" : formatMinutes(minutes)}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Which tickets a policy applies to, and its calendar. */
export function PolicyFacts({ policy }: { policy: Policy }) {
  return (
    <PropertyList
      items={[
        { label: "Applies to", value: audience(policy) },
        {
          label: "Calendar",
          value: <a href={`/admin/calendars/${policy.calendar.id}`}>{policy.calendar.name}</a>,
        },
      ]}
    />
  );
}

function audience({ category, queue, type }: Policy): string {
  const named = [
    category && `Category ${category.name}`,
    queue && `Queue ${queue.name}`,
    type && TYPE_LABELS[type],
  ].filter((one) => one !== null);
  return named.length > 0 ? named.join(" · ") : "All tickets without a more specific policy";
}
