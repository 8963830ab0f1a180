import type { AssignmentRule } from "../../../../domain/queues/next_assignee.ts";

/** Assignment rules as people read them. */
export const RULE_LABELS: Readonly<Record<AssignmentRule, { label: string; hint: string }>> = {
  manual: { label: "By hand", hint: "Tickets wait until somebody takes them." },
  round_robin: { label: "In turn", hint: "Each new ticket goes to whoever is next." },
  least_loaded: { label: "By load", hint: "Each new ticket goes to whoever has the fewest active ones." },
};
