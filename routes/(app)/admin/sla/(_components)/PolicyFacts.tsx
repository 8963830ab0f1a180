import { PropertyList } from "@/components/PropertyList.tsx";
import type { Policy } from "@/domain/sla/policies/read.ts";
import { TYPE_LABELS } from "@/domain/tickets/model/formatting.ts";

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
