export const STATUSES = ["new", "open", "in_progress", "pending", "resolved", "closed", "cancelled"] as const;
export type Status = (typeof STATUSES)[number];

export const UNDO_HOURS = 24;

export const ACTIVE: readonly Status[] = ["new", "open", "in_progress", "pending"];

export const PENDING_REASONS = ["requester", "vendor", "scheduled"] as const;
export type PendingReason = (typeof PENDING_REASONS)[number];

/** The state machine of a ticket, for API, pages and islands. */
export const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  new: ["open", "in_progress", "pending", "resolved", "cancelled"],
  open: ["in_progress", "pending", "resolved", "cancelled"],
  in_progress: ["open", "pending", "resolved", "cancelled"],
  pending: ["open", "in_progress", "resolved", "cancelled"],
  resolved: ["open", "closed"],
  closed: ["open"],
  cancelled: ["open"],
};

export interface TransitionActor {
  staff: boolean;
  /** Whether the ticket is theirs: they may reopen and cancel it. */
  own: boolean;
  /** Until when a closed or cancelled ticket may be reopened, RFC 3339 in UTC; null while it is neither. */
  reopenUntil: string | null;
  /** RFC 3339 in UTC. */
  now: string;
}

/** Not in the table, after the reopen window, or not for this person. */
export type TransitionRefusal = "illegal" | "window" | "role";

export function isReopening(from: Status, to: Status): boolean {
  return to === "open" && (from === "resolved" || isEnded(from));
}

/** Only the reopen window leads out of these. */
export function isEnded(status: Status): boolean {
  return status === "closed" || status === "cancelled";
}

/** Null when the transition is allowed. */
export function transitionRefusal(
  from: Status,
  to: Status,
  actor: TransitionActor,
): TransitionRefusal | null {
  if (!TRANSITIONS[from].includes(to)) return "illegal";
  if (!actor.staff && !(actor.own && (to === "cancelled" || isReopening(from, to)))) return "role";
  if (isEnded(from) && (actor.reopenUntil === null || actor.reopenUntil < actor.now)) return "window";
  return null;
}

export function allowedTransitions(status: Status, actor: TransitionActor): readonly Status[] {
  // The common case, in every row of a list: no new array.
  if (actor.staff && !isEnded(status)) return TRANSITIONS[status];
  return TRANSITIONS[status].filter((to) => transitionRefusal(status, to, actor) === null);
}
