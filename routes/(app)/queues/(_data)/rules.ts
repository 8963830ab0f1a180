import type { AssignmentRule } from "@/domain/queues/next_assignee.ts";

/** Assignment rules as people read them. */
export const RULE_LABELS: Readonly<Record<AssignmentRule, { label: string; hint: string }>> = {
  manual: { label: "Manual", hint: "Tickets stay unassigned until someone takes them." },
  round_robin: { label: "Round robin", hint: "Each new ticket goes to the next member in turn." },
  least_loaded: {
    label: "Least loaded",
    hint: "Each new ticket goes to the member with the fewest active tickets.",
  },
};
