export const STATUSES = ["new", "open", "in_progress", "pending", "resolved", "closed", "cancelled"] as const;
export type Status = (typeof STATUSES)[number];

/** For so long a merge can be undone. */
export const UNDO_HOURS = 24;

/** The states in which somebody still has to do something. */
export const ACTIVE: readonly Status[] = ["new", "open", "in_progress", "pending"];

export const PENDING_REASONS = ["requester", "vendor", "scheduled"] as const;
export type PendingReason = (typeof PENDING_REASONS)[number];

/** The state machine of a ticket: from each state, where it can go. API, pages and islands all read this. */
export const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  new: ["open", "in_progress", "pending", "resolved", "cancelled"],
  open: ["in_progress", "pending", "resolved", "cancelled"],
  in_progress: ["open", "pending", "resolved", "cancelled"],
  pending: ["open", "in_progress", "resolved", "cancelled"],
  resolved: ["open", "closed"],
  closed: ["open"],
  cancelled: ["open"],
};

/** Who moves a ticket, and when. */
export interface TransitionActor {
  staff: boolean;
  /** Whether the ticket is theirs: they may reopen and cancel it. */
  own: boolean;
  /** Until when a closed or cancelled ticket may be reopened, RFC 3339 in UTC; null while it is neither. */
  reopenUntil: string | null;
  /** RFC 3339 in UTC. */
  now: string;
}

/** Why a move is refused: not in the table, past the reopen window, or not this person's to make. */
export type TransitionRefusal = "illegal" | "window" | "role";

/** Whether going from `from` to `to` takes a finished ticket up again. */
export function isReopening(from: Status, to: Status): boolean {
  return to === "open" && (from === "resolved" || isEnded(from));
}

/** Whether a ticket in this state is over: only the reopen window leads out of it. */
export function isEnded(status: Status): boolean {
  return status === "closed" || status === "cancelled";
}

/** Why `actor` may not take a ticket from `from` to `to`; null when they may. */
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

/** The states `actor` may take a ticket to from `status`, in the order of the table. */
export function allowedTransitions(status: Status, actor: TransitionActor): readonly Status[] {
  // The commonest case by far, in every row of a list: no new array for it.
  if (actor.staff && !isEnded(status)) return TRANSITIONS[status];
  return TRANSITIONS[status].filter((to) => transitionRefusal(status, to, actor) === null);
}

/** The table as a Mermaid state diagram, for the documentation. */
export function mermaid(): string {
  const arrows = STATUSES.flatMap((from) =>
    TRANSITIONS[from].map((to) => `  ${from} --> ${to}${isReopening(from, to) ? ": reopen" : ""}`)
  );
  return ["stateDiagram-v2", "  [*] --> new", ...arrows].join("\n");
}
